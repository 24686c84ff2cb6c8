import * as grpc from '@grpc/grpc-js';
import pluginPb from '@pulumi/pulumi/proto/plugin_pb.js';
import providerRpc from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import providerPb from '@pulumi/pulumi/proto/provider_pb.js';
import statusPb from '@pulumi/pulumi/proto/status_pb.js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import structPb from 'google-protobuf/google/protobuf/struct_pb.js';
import { userOfPeer } from './peer.ts';
import { type Difference, HalfDoneError } from './resource.ts';

/** A provider that Pulumi engines can call. */
export interface ServedProvider {
  /** On the loopback address. */
  port: number;
  close(): void;
}

type Properties = Record<string, unknown>;

/** What the protocol asks of a provider. Secrets among the properties are wrapped. */
export interface ProviderOperations {
  diff(urn: string, state: Properties, inputs: Properties): Difference;
  create(urn: string, inputs: Properties): Promise<{ id: string; state: Properties }>;
  /** Undefined when there is no such thing. */
  read(
    urn: string,
    id: string,
    state: Properties,
  ): Promise<{ inputs: Properties; state: Properties } | undefined>;
  update(urn: string, id: string, state: Properties, inputs: Properties): Promise<Properties>;
  delete(urn: string, id: string, state: Properties): Promise<void>;
  cancel(): void;
}

/**
 * Serves a provider by Pulumi's protocol (proto/pulumi/provider.proto) from this process, for an engine that is told
 * the port in PULUMI_DEBUG_PROVIDERS: a plugin of its own would be one more Node to start for each operation.
 */
export async function serveProvider(provider: ProviderOperations): Promise<ServedProvider> {
  // Contents of configs and secrets come in the messages; their size is checked elsewhere.
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1, interceptors: [ownUserOnly()] });
  server.addService(providerRpc.ResourceProviderService, handlersOf(provider));
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { port, close: () => server.forceShutdown() };
}

type Connection = ReturnType<grpc.ServerInterceptingCallInterface['getConnectionInfo']>;

/** The protocol has no way to tell who calls, and the loopback address is open to every user of the machine. */
function ownUserOnly(): grpc.ServerInterceptor {
  const admitted = new Map<string, Promise<boolean>>();
  const isAdmitted = ({ localPort = 0, remotePort = 0 }: Connection) => {
    const connection = `${remotePort}`;
    const known =
      admitted.get(connection) ??
      userOfPeer(remotePort, localPort).then((user) => user === process.getuid?.());
    admitted.set(connection, known);
    return known;
  };
  return (_method, call) =>
    new grpc.ServerInterceptingCall(call, {
      start: (next) =>
        next({
          async onReceiveMetadata(metadata, proceed) {
            if (await isAdmitted(call.getConnectionInfo())) return proceed(metadata);
            const details = 'swarmctl serves its own user only.';
            call.sendStatus({ code: grpc.status.PERMISSION_DENIED, details });
          },
        }),
    });
}

/** What is left out answers as not implemented, which the engine takes for the default. */
function handlersOf(provider: ProviderOperations): grpc.UntypedServiceImplementation {
  return {
    attach: answer(async () => new emptyPb.Empty()),
    cancel: answer(async () => {
      provider.cancel();
      return new emptyPb.Empty();
    }),
    getPluginInfo: answer(async () => {
      const info = new pluginPb.PluginInfo();
      info.setVersion('0.1.0');
      return info;
    }),
    configure: answer(async () => {
      const response = new providerPb.ConfigureResponse();
      response.setAcceptsecrets(true);
      return response;
    }),
    check: answer(async (request: providerPb.CheckRequest) => {
      const response = new providerPb.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diff: answer(async (request: providerPb.DiffRequest) => diff(provider, request)),
    create: answer(async (request: providerPb.CreateRequest) => {
      const { id, state } = await provider.create(request.getUrn(), plain(request.getProperties()));
      const response = new providerPb.CreateResponse();
      response.setId(id);
      response.setProperties(struct(state));
      return response;
    }),
    read: answer((request: providerPb.ReadRequest) => read(provider, request)),
    update: answer(async (request: providerPb.UpdateRequest) => {
      const [olds, news] = [plain(request.getOlds()), plain(request.getNews())];
      const response = new providerPb.UpdateResponse();
      response.setProperties(struct(await provider.update(request.getUrn(), request.getId(), olds, news)));
      return response;
    }),
    delete: answer(async (request: providerPb.DeleteRequest) => {
      await provider.delete(request.getUrn(), request.getId(), plain(request.getProperties()));
      return new emptyPb.Empty();
    }),
  };
}

/** Names of what swarmctl makes are unique in a swarm: what is replaced has to go first. */
function diff(provider: ProviderOperations, request: providerPb.DiffRequest): providerPb.DiffResponse {
  const [olds, news] = [plain(request.getOlds()), plain(request.getNews())];
  const { changes, replaces } = provider.diff(request.getUrn(), olds, news);
  const { DIFF_SOME, DIFF_NONE } = providerPb.DiffResponse.DiffChanges;
  const response = new providerPb.DiffResponse();
  response.setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setReplacesList(replaces);
  response.setDeletebeforereplace(replaces.length > 0);
  return response;
}

/** An answer without an id says that there is no such thing. */
async function read(
  provider: ProviderOperations,
  request: providerPb.ReadRequest,
): Promise<providerPb.ReadResponse> {
  const found = await provider.read(request.getUrn(), request.getId(), plain(request.getProperties()));
  const response = new providerPb.ReadResponse();
  response.setId(found ? request.getId() : '');
  response.setProperties(struct(found?.state ?? {}));
  response.setInputs(struct(found?.inputs ?? {}));
  return response;
}

type Handler<Request, Response> = grpc.handleUnaryCall<Request, Response>;

function answer<Request, Response>(
  work: (request: Request) => Promise<Response>,
): Handler<Request, Response> {
  return ({ request }, callback) => {
    work(request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(failure(error)),
    );
  };
}

/** What was made in spite of the error goes along, so that the engine keeps it in its state. */
function failure(error: unknown): Partial<grpc.ServiceError> {
  const details = error instanceof Error ? error.message : String(error);
  const code = grpc.status.UNKNOWN;
  if (!(error instanceof HalfDoneError)) return { code, details };
  const made = new providerPb.ErrorResourceInitFailed();
  made.setId(error.id);
  made.setProperties(struct(error.properties));
  made.setReasonsList(error.reasons);
  const packed = new anyPb.Any();
  packed.pack(made.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed');
  const status = new statusPb.Status();
  status.setCode(code);
  status.setMessage(details);
  status.addDetails(packed);
  const metadata = new grpc.Metadata();
  // The field in which gRPC carries structured errors.
  metadata.add('grpc-status-details-bin', Buffer.from(status.serializeBinary()));
  return { code, details, metadata };
}

function plain(properties: structPb.Struct | undefined): Properties {
  return (properties?.toJavaScript() ?? {}) as Properties;
}

function struct(properties: unknown): structPb.Struct {
  return structPb.Struct.fromJavaScript(properties as Parameters<typeof structPb.Struct.fromJavaScript>[0]);
}
