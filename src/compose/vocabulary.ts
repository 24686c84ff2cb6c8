import { SwarmctlError } from '../errors.ts';
import type { ComposeService, Locate } from './model.ts';

const propagations = ['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave'];
const failureActions = ['pause', 'continue', 'rollback'];

/**
 * Refuses words that the schema of compose files lets through: the engine would refuse some in the middle of an
 * update, and takes an unknown port mode for `ingress` and an unknown protocol for `tcp`.
 * @throws SwarmctlError `config` with file, line and column
 */
export function refuseUnknownWords(service: ComposeService, locate: Locate): void {
  const { deploy = {}, ports = [], volumes = [], isolation } = service;
  const refuseOther = (words: string[], key: string, word: string | undefined, ...path: string[]) => {
    if (word !== undefined && !words.includes(word))
      throw unknownWord(words, key, word, locate(...path, key));
  };
  refuseOther(['vip', 'dnsrr'], 'endpoint_mode', deploy.endpoint_mode?.toLowerCase(), 'deploy');
  // The engine takes an unknown isolation for the default one.
  refuseOther(['default', 'process', 'hyperv'], 'isolation', isolation?.toLowerCase());
  for (const [index, { bind }] of volumes.entries())
    refuseOther(propagations, 'propagation', bind?.propagation, 'volumes', String(index), 'bind');
  const { restart_policy, update_config, rollback_config } = deploy;
  refuseOther(
    ['none', 'on-failure', 'any'],
    'condition',
    restart_policy?.condition,
    'deploy',
    'restart_policy',
  );
  refuseOther(failureActions, 'failure_action', update_config?.failure_action, 'deploy', 'update_config');
  refuseOther(failureActions, 'failure_action', rollback_config?.failure_action, 'deploy', 'rollback_config');
  for (const { mode, protocol } of ports) {
    // A range such as `9000-9001:80-81` is several ports by now, so their numbers are not those of the file.
    refuseOther(['ingress', 'host'], 'mode', mode, 'ports');
    refuseOther(['tcp', 'udp', 'sctp'], 'protocol', protocol, 'ports');
  }
}

function unknownWord(words: string[], key: string, word: string, position: string): SwarmctlError {
  return new SwarmctlError('config', `${position}: \`${key}: ${word}\` is not known`, {
    hint: `Use ${words.slice(0, -1).join(', ')} or ${words.at(-1)}.`,
  });
}
