// The handover of what was imported, written out: how the other engine lets go of it without deleting it, or leaves alone
// what we govern from now on. Text for a person to put into place.
import type { TakenEndpoint } from './take';

export interface Handover {
  /** The file that it is written into. */
  readonly file: string;
  readonly text: string;
}

type How = 'full' | 'attach' | 'observe';

/** Without its index: blocks about a resource are about all of its instances. */
const whole = (address: string) => address.replace(/\[[^\]]*\]/g, '');

/** Undefined where nothing has to be handed over: who only watches is in nobody's way. */
export function terraformHandover(endpoints: readonly TakenEndpoint[], how: How): Handover | undefined {
  if (endpoints.length === 0 || how === 'observe') return undefined;
  const lines = how === 'full' ? forgotten(endpoints) : leftAlone(endpoints);
  return { file: 'handover.tf', text: `${lines.join('\n')}\n` };
}

function forgotten(endpoints: readonly TakenEndpoint[]): string[] {
  const addresses = new Set(endpoints.flatMap(({ address, beside }) => [address, ...beside].map(whole)));
  return [
    '# Put these in the place of the resources that they name, then run terraform apply: Terraform forgets them and',
    '# deletes nothing. Needs Terraform 1.7. Then: gatewright plan, which has nothing to do but adopt.',
    ...[...addresses].flatMap((address) => [
      '',
      'removed {',
      `  from = ${address}`,
      '  lifecycle {',
      '    destroy = false',
      '  }',
      '}',
    ]),
  ];
}

function leftAlone(endpoints: readonly TakenEndpoint[]): string[] {
  return [
    '# Terraform keeps these endpoints and gatewright governs their gateway. Put the lifecycle block into each of the',
    '# resources and run terraform apply before gatewright apply.',
    ...endpoints.flatMap(({ address }) => {
      const [type, label] = whole(address).split('.').slice(-2);
      return [
        '',
        `# ${whole(address)}`,
        `# resource "${type}" "${label}" {`,
        '  lifecycle {',
        '    ignore_changes = [ai_gateway]',
        '  }',
        '# }',
      ];
    }),
  ];
}

export function bundleHandover(
  endpoints: readonly TakenEndpoint[],
  targets: readonly string[],
  how: How,
): Handover | undefined {
  if (endpoints.length === 0 || how === 'observe') return undefined;
  if (how === 'attach') {
    const lines = [
      '# A bundle cannot leave ai_gateway alone: what its files do not name, it takes away, and what they name, it writes.',
      '# Keep the block there as it is now and change it with gatewright only, or hand the endpoints over whole:',
      '# import --manage full says how.',
    ];
    return { file: 'handover.sh', text: `${lines.join('\n')}\n` };
  }
  const commands = endpoints.flatMap(({ label, onlyIn }) => {
    const where = onlyIn === undefined ? targets : [onlyIn];
    const flags = where.length === 0 ? [''] : where.map((target) => ` --target ${target}`);
    return flags.map((flag) => `databricks bundle deployment unbind ${label}${flag}`);
  });
  const lines = [
    '# The bundle forgets them and deletes nothing. Then take them out of its files before it is deployed again: a bundle',
    '# that still names an endpoint tries to make it. Then: gatewright plan, which has nothing to do but adopt.',
    ...commands,
  ];
  return { file: 'handover.sh', text: `${lines.join('\n')}\n` };
}
