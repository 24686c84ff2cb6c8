import * as grpc from '@grpc/grpc-js';
import engineRpc from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import enginePb from '@pulumi/pulumi/proto/engine_pb.js';
import { SwarmctlError } from '../src/errors.ts';
import { encodeMessage, type ProviderMessage } from './message.ts';

/** Carries messages about one resource to whoever listens to the Pulumi engine's events. */
export interface Channel {
  progress(text: string): void;
  failure(error: unknown): Promise<void>;
}

/** Opens channels through the engine at `address`, one for each resource. */
export function connectChannels(address: string): (urn: string) => Channel {
  const client = new engineRpc.EngineClient(address, grpc.credentials.createInsecure());

  const send = (urn: string, message: ProviderMessage) =>
    new Promise<void>((resolve) => {
      const request = new enginePb.LogRequest();
      request.setSeverity(enginePb.LogSeverity.INFO);
      request.setUrn(urn);
      request.setEphemeral(true);
      request.setMessage(encodeMessage(message));
      // A message that is lost must not fail the resource.
      client.log(request, () => resolve());
    });

  return (urn) => {
    let last = '';
    return {
      progress(text) {
        if (text === last) return;
        last = text;
        void send(urn, { kind: 'progress', text });
      },
      failure: (error) => send(urn, failureMessage(error)),
    };
  };
}

function failureMessage(error: unknown): ProviderMessage {
  if (!(error instanceof SwarmctlError)) {
    const details = error instanceof Error && error.stack ? error.stack.split('\n').slice(1) : [];
    return { kind: 'failure', code: 'internal', message: String(error), details };
  }
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return { kind: 'failure', code: error.code, message: error.message, ...hint, details: [...error.details] };
}
