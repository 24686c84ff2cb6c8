import { contentResource, type LiveContent } from './stored-content.ts';

/** A config of the swarm. */
export const config = contentResource({
  kind: 'config',
  list: async (api, name) => (await api.listConfigs({ filters: { name: [name] } })) as LiveContent[],
  inspect: async (api, id) => (await api.getConfig(id).inspect()) as LiveContent,
  create: async (api, body) => api.createConfig(body),
  // Apart, since the client puts into the URL what it is not told to put elsewhere.
  update: (api, id, version, body) => api.getConfig(id).update({ _query: { version }, _body: body }),
  remove: async (api, id) => void (await api.getConfig(id).remove()),
});
