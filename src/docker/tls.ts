import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { type ErrorFacts, SwarmctlError } from '../errors.ts';
import { withDeadline } from './deadline.ts';
import { type TcpTarget, tcpEndpoint } from './endpoint.ts';
import type { Connection } from './joined-stream.ts';

const deadlineMs = 10_000;

/**
 * Connects to an engine over TLS, where both sides show a certificate; that of the engine is checked before anything is
 * sent.
 * @throws SwarmctlError `config` for files that cannot be read, `certificate` for a certificate that does not hold,
 *   `unreachable` when there is no TLS at all.
 */
export async function dialTls(target: TcpTarget): Promise<Connection> {
  const { host, port } = target;
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => read(target, name)),
  );
  checkOwn(target, cert ?? '');
  const explain = (error: Error) => tlsError(error, target);
  let socket: TLSSocket | undefined;
  try {
    // @types/node lacks `allowHalfOpen` here.
    const options: ConnectionOptions & { allowHalfOpen: true } = {
      host,
      port,
      ca,
      cert,
      key,
      allowHalfOpen: true,
    };
    socket = connect({ ...options, rejectUnauthorized: true });
    await withDeadline(once(socket, 'secureConnect'), deadlineMs, `connecting to ${tcpEndpoint(target)}`);
    return { readable: socket, writable: socket, destroy: () => socket?.destroy(), explain };
  } catch (error) {
    socket?.destroy();
    throw explain(error as Error);
  }
}

async function read({ certificates }: TcpTarget, name: string): Promise<string> {
  const file = join(certificates, name);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new SwarmctlError(
      'config',
      `The certificate file ${file} cannot be read: ${(cause as Error).message}`,
      {
        hint: 'The folder has to hold ca.pem, cert.pem and key.pem, as for DOCKER_CERT_PATH.',
        cause,
      },
    );
  }
}

/** An engine only says that the client certificate is bad, not why. */
function checkOwn({ certificates }: TcpTarget, text: string): void {
  const file = join(certificates, 'cert.pem');
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(text);
  } catch (cause) {
    throw new SwarmctlError('config', `${file} holds no certificate.`, { cause });
  }
  if (certificate.validToDate.getTime() > Date.now()) return;
  throw new SwarmctlError(
    'certificate',
    `The client certificate ${file} expired on ${day(certificate.validToDate)}.`,
    {
      hint: 'Have a new one made by the same authority.',
    },
  );
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** The one place where the words of OpenSSL and Node's TLS get their meaning (node tls, "X509 certificate error codes"). */
function tlsError(error: Error & { code?: string }, target: TcpTarget): Error {
  if (error instanceof SwarmctlError) return error;
  const where = tcpEndpoint(target);
  const code = error.code ?? '';
  const certificateError = (sentence: string, facts: ErrorFacts) =>
    new SwarmctlError('certificate', sentence, { ...facts, cause: error });
  const hint = 'Nothing was sent to it. Have its certificate made anew, by the same authority.';
  if (code === 'CERT_HAS_EXPIRED')
    return certificateError(`The certificate of the engine at ${where} has expired.`, { hint });
  if (code === 'CERT_NOT_YET_VALID') {
    return certificateError(`The certificate of the engine at ${where} is not valid yet.`, {
      hint: 'Nothing was sent to it. Compare the clocks of both machines.',
    });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return certificateError(`The certificate of the engine at ${where} is for another name.`, {
      details: [`| ${error.message}`],
      hint: `Nothing was sent to it. Use a name that the certificate has, or have ${target.host} put into it as subjectAltName.`,
    });
  }
  if (/^(UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|CERT_|INVALID_CA|PATH_LENGTH|INVALID_PURPOSE)/.test(code)) {
    return certificateError(
      `The certificate of the engine at ${where} is not from the authority in ca.pem.`,
      {
        details: [`| ${error.message}`],
        hint: 'Nothing was sent to it. Correct ca.pem, or find out which machine answers there.',
      },
    );
  }
  if (/^ERR_SSL_.*ALERT/.test(code)) {
    return certificateError(
      `The engine at ${where} refuses the client certificate in ${target.certificates}.`,
      {
        details: [`| ${error.message.trim()}`],
        hint: 'Have it made by the authority that the engine was given as --tlscacert, for the use clientAuth.',
      },
    );
  }
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return new SwarmctlError('unreachable', `What answers at ${where} speaks no TLS.`, {
      hint: 'Start the engine with --tlsverify; without certificates it is not used.',
      cause: error,
    });
  }
  if (code.startsWith('ERR_OSSL_')) {
    return new SwarmctlError('config', `The certificate or key in ${target.certificates} cannot be used.`, {
      details: [`| ${error.message}`],
      hint: 'key.pem has to be the key of cert.pem, and not encrypted.',
      cause: error,
    });
  }
  return error;
}
