import { contentResource, type LiveContent } from './stored-content.ts';

/** A secret of the swarm. The engine never gives its content back: that it is the same is known by its name. */
export const secret = contentResource({
  kind: 'secret',
  list: async (api, name) => (await api.listSecrets({ filters: { name: [name] } })) as LiveContent[],
  inspect: async (api, id) => (await api.getSecret(id).inspect()) as LiveContent,
  create: async (api, body) => api.createSecret(body),
  // Apart, since the client puts into the URL what it is not told to put elsewhere.
  update: (api, id, version, body) => api.getSecret(id).update({ _query: { version }, _body: body }),
  remove: async (api, id) => void (await api.getSecret(id).remove()),
});
