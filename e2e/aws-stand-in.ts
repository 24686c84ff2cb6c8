import { randomBytes } from 'node:crypto';
import * as grpc from '@grpc/grpc-js';
import pluginPb from '@pulumi/pulumi/proto/plugin_pb.js';
import providerRpc from '@pulumi/pulumi/proto/provider_grpc_pb.js';
import providerPb from '@pulumi/pulumi/proto/provider_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import structPb from 'google-protobuf/google/protobuf/struct_pb.js';

type Properties = Record<string, unknown>;

/** What the stand-in does for resources that are more than entries in a table. */
export interface Machinery {
  createVpc(id: string, inputs: Properties): Promise<void>;
  deleteVpc(id: string): Promise<void>;
  /** @returns the private address. */
  createInstance(id: string, vpc: string, inputs: Properties): Promise<string>;
  deleteInstance(id: string): Promise<void>;
}

/** Stands in for `pulumi-resource-aws`: the same protocol and types of resources, and no AWS behind it. */
export interface AwsStandIn {
  /** For PULUMI_DEBUG_PROVIDERS. */
  port: number;
  /** What there is, by id. */
  resources: Map<string, { type: string; inputs: Properties }>;
  close(): void;
}

const idPrefixes: Record<string, string> = {
  Instance: 'i',
  Vpc: 'vpc',
  Subnet: 'subnet',
  SecurityGroup: 'sg',
};
/** Whose credentials it is as if there were. */
const account = '123456789012';
const zones = ['test-1a', 'test-1b', 'test-1c'];

export async function serveAws(machinery: Machinery): Promise<AwsStandIn> {
  const resources = new Map<string, { type: string; inputs: Properties }>();
  const server = new grpc.Server({ 'grpc.max_receive_message_length': -1 });

  const create = async (urn: string, inputs: Properties) => {
    const type = urn.split('::')[2]?.split('$').at(-1)?.split(':').at(-1) ?? '';
    const id = `${idPrefixes[type] ?? type.toLowerCase()}-${randomBytes(8).toString('hex')}`;
    if (type === 'Vpc') await machinery.createVpc(id, inputs);
    const outputs = type === 'Instance' ? await startInstance(id, inputs) : outputsOf(type, id);
    resources.set(id, { type, inputs });
    return { id, state: { ...inputs, ...outputs } };
  };

  const startInstance = async (id: string, inputs: Properties) => {
    const subnet = resources.get(String(inputs.subnetId))?.inputs ?? {};
    const address = await machinery.createInstance(id, String(subnet.vpcId), inputs);
    const publicIp = inputs.associatePublicIpAddress ? address : '';
    return { privateIp: address, publicIp, availabilityZone: subnet.availabilityZone, arn: `arn:${id}` };
  };

  const isPeered = (vpc: string) =>
    [...resources.values()].some(
      ({ type, inputs }) => type === 'VpcPeeringConnection' && [inputs.vpcId, inputs.peerVpcId].includes(vpc),
    );

  const remove = async (id: string) => {
    const type = resources.get(id)?.type;
    if (type === 'Instance') await machinery.deleteInstance(id);
    if (type === 'Vpc') {
      if (isPeered(id)) throw new Error(`DependencyViolation: The vpc '${id}' has dependencies.`);
      await machinery.deleteVpc(id);
    }
    resources.delete(id);
  };

  server.addService(providerRpc.ResourceProviderService, handlers({ resources, create, remove }));
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { port, resources, close: () => server.forceShutdown() };
}

function outputsOf(type: string, id: string): Properties {
  const arn = { arn: `arn:${id}` };
  return type === 'LoadBalancer'
    ? { ...arn, dnsName: `${id}.example.com`, zoneId: 'Z0' }
    : { ...arn, name: id };
}

function invoked(token: string): Properties {
  if (token.endsWith(':getAvailabilityZones')) return { id: 'zones', names: zones };
  if (token.endsWith(':getInstanceTypeOfferings')) return { id: 'offerings', locations: zones };
  if (token.endsWith(':getParameter')) return { id: 'parameter', value: 'ami-0123456789abcdef0' };
  throw new Error(`nothing stands for ${token}`);
}

interface Operations {
  resources: ReadonlyMap<string, { inputs: Properties }>;
  create(urn: string, inputs: Properties): Promise<{ id: string; state: Properties }>;
  remove(id: string): Promise<void>;
}

/** Properties come as they are, secrets without a mark: the engine marks what it has sent as such. */
function handlers({ resources, create, remove }: Operations): grpc.UntypedServiceImplementation {
  return {
    attach: answer(async () => new emptyPb.Empty()),
    cancel: answer(async () => new emptyPb.Empty()),
    getPluginInfo: answer(async () => {
      const info = new pluginPb.PluginInfo();
      info.setVersion('7.48.0');
      return info;
    }),
    configure: answer(async (request: providerPb.ConfigureRequest) => {
      const allowed = String(plain(request.getArgs()).allowedAccountIds ?? account);
      if (!allowed.includes(account)) throw new Error(`AWS account ID not allowed: ${account}`);
      return new providerPb.ConfigureResponse();
    }),
    invoke: answer(async (request: providerPb.InvokeRequest) => {
      const response = new providerPb.InvokeResponse();
      response.setReturn(struct(invoked(request.getTok())));
      return response;
    }),
    check: answer(async (request: providerPb.CheckRequest) => {
      const response = new providerPb.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diff: answer(async (request: providerPb.DiffRequest) => {
      const { DIFF_SOME, DIFF_NONE } = providerPb.DiffResponse.DiffChanges;
      const [olds, news] = [plain(request.getOldInputs()), plain(request.getNews())];
      const changed = Object.keys({ ...olds, ...news }).filter(
        (key) => JSON.stringify(olds[key]) !== JSON.stringify(news[key]),
      );
      const response = new providerPb.DiffResponse();
      response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
      response.setDiffsList(changed);
      return response;
    }),
    create: answer(async (request: providerPb.CreateRequest) => {
      const { id, state } = await create(request.getUrn(), plain(request.getProperties()));
      const response = new providerPb.CreateResponse();
      response.setId(id);
      response.setProperties(struct(state));
      return response;
    }),
    read: answer(async (request: providerPb.ReadRequest) => {
      const isThere = resources.has(request.getId());
      const response = new providerPb.ReadResponse();
      response.setId(isThere ? request.getId() : '');
      response.setProperties(isThere ? request.getProperties() : undefined);
      response.setInputs(isThere ? request.getInputs() : undefined);
      return response;
    }),
    update: answer(async (request: providerPb.UpdateRequest) => {
      const response = new providerPb.UpdateResponse();
      response.setProperties(struct({ ...plain(request.getOlds()), ...plain(request.getNews()) }));
      return response;
    }),
    delete: answer(async (request: providerPb.DeleteRequest) => {
      await remove(request.getId());
      return new emptyPb.Empty();
    }),
  };
}

function answer<Request, Response>(
  work: (request: Request) => Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    work(request).then(
      (response) => callback(null, response),
      (error: unknown) => callback({ code: grpc.status.UNKNOWN, details: String(error) }),
    );
  };
}

function plain(properties: structPb.Struct | undefined): Properties {
  return (properties?.toJavaScript() ?? {}) as Properties;
}

function struct(properties: Properties): structPb.Struct {
  return structPb.Struct.fromJavaScript(properties as Parameters<typeof structPb.Struct.fromJavaScript>[0]);
}
