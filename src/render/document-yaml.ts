// Data as YAML for other programs: nothing that YAML 1.1 would read as something else, nothing unseen, no folding.
import { Document, isScalar, Scalar, visit } from 'yaml';
import { escapeCharacter } from './sanitise';

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const COMMAND = /^\s*::|##\[/m;

/** Ends with a newline. */
export function documentYaml(value: unknown): string {
  const document = new Document(value, { version: '1.2', compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (!isScalar(node) || typeof node.value !== 'string') return;
      if (node.value.search(UNSEEN) >= 0 || COMMAND.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  const text = document.toString({ indent: 2, lineWidth: 0, flowCollectionPadding: true });
  const escaped = (character: string) =>
    character === '\n' || character.length > 1 ? character : escapeCharacter(character);
  // Line ends between the lines stay; those inside texts are escapes already, for they stand in double quotes.
  return text.replace(UNSEEN, escaped).replaceAll('##[', '#\\u0023[');
}
