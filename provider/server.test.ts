import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import * as grpc from '@grpc/grpc-js';
import providerRpc from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import providerPb from '@pulumi/pulumi/proto/provider_pb.js';
import structPb from 'google-protobuf/google/protobuf/struct_pb.js';
import { afterEach, expect, test } from 'vitest';
import { userOfPeer } from './peer.ts';
import { HalfDoneError } from './resource.ts';
import { type ProviderOperations, type ServedProvider, serveProvider } from './server.ts';

const operations: ProviderOperations = {
  diff: () => ({ changes: ['image'], replaces: ['name'] }),
  create: async (_urn, inputs) => ({ id: 'new', state: { ...inputs, made: true } }),
  read: async (_urn, id) => (id === 'gone' ? undefined : { inputs: { a: 1 }, state: { a: 1, b: 2 } }),
  update: async (_urn, _id, state, inputs) => ({ ...state, ...inputs }),
  delete: async () => {},
  cancel: () => {},
};

let served: ServedProvider | undefined;

afterEach(() => served?.close());

async function clientOf(provider: Partial<ProviderOperations> = {}) {
  served = await serveProvider({ ...operations, ...provider });
  return new providerRpc.ResourceProviderClient(
    `127.0.0.1:${served.port}`,
    grpc.credentials.createInsecure(),
  );
}

function call<Request, Response>(
  method: (request: Request, done: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
  request: Request,
): Promise<Response> {
  return new Promise((resolve, reject) =>
    method(request, (error, response) => (error ? reject(error) : resolve(response))),
  );
}

const struct = (value: Record<string, structPb.JavaScriptValue>) => structPb.Struct.fromJavaScript(value);

test('what is made comes back with its id and its properties', async () => {
  const client = await clientOf();
  const request = new providerPb.CreateRequest();
  request.setProperties(struct({ image: 'a:1' }));
  const response = await call<providerPb.CreateRequest, providerPb.CreateResponse>(
    client.create.bind(client),
    request,
  );
  expect(response.getId()).toBe('new');
  expect(response.getProperties()?.toJavaScript()).toEqual({ image: 'a:1', made: true });
});

test('what is replaced is deleted first', async () => {
  const client = await clientOf();
  const response = await call<providerPb.DiffRequest, providerPb.DiffResponse>(
    client.diff.bind(client),
    new providerPb.DiffRequest(),
  );
  expect(response.getChanges()).toBe(providerPb.DiffResponse.DiffChanges.DIFF_SOME);
  expect(response.getReplacesList()).toEqual(['name']);
  expect(response.getDeletebeforereplace()).toBe(true);
});

test.each([
  ['there', 'there', { a: 1, b: 2 }],
  ['gone', '', {}],
])('reading what is %s answers with the id "%s"', async (id, answered, state) => {
  const client = await clientOf();
  const request = new providerPb.ReadRequest();
  request.setId(id);
  const response = await call<providerPb.ReadRequest, providerPb.ReadResponse>(
    client.read.bind(client),
    request,
  );
  expect(response.getId()).toBe(answered);
  expect(response.getProperties()?.toJavaScript()).toEqual(state);
});

test('what was made in spite of an error goes along with the error', async () => {
  const client = await clientOf({
    create: async () => {
      throw new HalfDoneError('half', { image: 'a:1' }, new Error('no task runs'));
    },
  });
  const creating = call(client.create.bind(client), new providerPb.CreateRequest());
  const error = (await creating.catch((thrown: unknown) => thrown)) as grpc.ServiceError;
  expect(error.details).toBe('no task runs');
  const [details] = error.metadata.get('grpc-status-details-bin');
  expect(String(details)).toContain('pulumirpc.ErrorResourceInitFailed');
  expect(String(details)).toContain('half');
});

test.runIf(process.getuid?.() === 0)('another user of the machine is not served', async () => {
  const client = await clientOf();
  process.seteuid?.(65_534);
  const connected = new Promise<void>((resolve, reject) =>
    client.waitForReady(Date.now() + 10_000, (error) => (error ? reject(error) : resolve())),
  );
  await connected.finally(() => process.seteuid?.(0));
  const creating = call(client.create.bind(client), new providerPb.CreateRequest());
  await expect(creating).rejects.toMatchObject({ code: grpc.status.PERMISSION_DENIED });
});

test('the user at the other end of a connection is told, and nobody where there is none', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  expect(await userOfPeer(client.localPort ?? 0, port)).toBe(process.getuid?.());
  expect(await userOfPeer(1, port)).toBeUndefined();
  client.destroy();
  server.close();
});
