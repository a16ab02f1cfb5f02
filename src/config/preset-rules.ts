// A preset may serve several kinds, and its schema takes the members of all: here it is held against the kind that
// names it. Says where it was named, because that is what may be wrong.
import { kindOf } from '../model/kinds';
import type { Findings } from './findings';
import { locate, locateKey, type Node, plain } from './node';
import type { Named } from './project';
import type { Section } from './section';
import { schemaErrors } from './validators';

/** False, with an error, when it says what the kind does not have. `namedBy` is where an entry names it. */
export function checkPresetFits(preset: Named, section: Section, namedBy: Node, findings: Findings): boolean {
  if (findings.isBroken(preset.node)) return true;
  // Values may hold variables by now; names do not.
  const [strange] = schemaErrors(section.entry, plain(preset.node)).filter(
    ({ keyword }) => keyword === 'additionalProperties',
  );
  if (strange === undefined) return true;
  const name = String(strange.params.additionalProperty);
  const holder = strange.instancePath
    .split('/')
    .slice(1)
    .reduce<Node | undefined>(
      (node, key) => (node?.kind === 'map' ? node.entries.get(key)?.value : undefined),
      preset.node,
    );
  findings.error({
    code: 'preset-of-other-kind',
    message: `the preset "${preset.name}" does not fit: a ${kindOf(section.kind).noun} has no ${name}`,
    at: locate(namedBy),
    because: {
      text: `${name} stands here`,
      at: holder?.kind === 'map' ? locateKey(holder, name) : preset.at,
    },
    help: 'Name a preset that holds only what this kind has.',
  });
  return false;
}
