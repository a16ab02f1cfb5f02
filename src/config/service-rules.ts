// What a service of Unity AI Gateway takes beyond its schema: what may be written on one that Databricks made, where it
// logs to, which privileges there are. Looks at entries after their layers are merged.
import { checkChoices, checkNothingChosen } from './choices';
import type { Findings } from './findings';
import { isSaid, memberOf } from './layers';
import { checkNeeds } from './needs';
import { locate, textOf } from './node';
import { checkProvider } from './provider-rules';
import type { MergedEntry } from './resources';
import { checkRouting } from './routing-rules';
import { checkServiceLimits } from './service-limit-rules';
import { didYouMean } from './suggest';

export function checkModelService(entry: MergedEntry, findings: Findings): void {
  checkService(entry, findings);
  checkRouting(entry, findings);
}

export function checkProviderService(entry: MergedEntry, findings: Findings): void {
  checkService(entry, findings);
  checkProvider(entry, findings);
}

export function checkMcpService(entry: MergedEntry, findings: Findings): void {
  checkService(entry, findings);
  const connection = memberOf(entry.value, 'config', 'source_connection');
  if (connection?.kind === 'map' && entry.manage === 'full')
    checkNeeds('source_connection', connection, ['name'], findings);
}

function checkService(entry: MergedEntry, findings: Findings): void {
  checkChoices(entry, findings);
  checkNothingChosen(entry, findings);
  checkServiceLimits(entry, findings);
  checkMadeByDatabricks(entry, findings);
  checkGrants(entry, findings);
  const table = memberOf(entry.value, 'config', 'inference_table');
  const severity = entry.manage === 'full' ? 'error' : 'warning';
  if (table?.kind === 'map') checkNeeds('inference_table', table, ['parent'], findings, severity);
}

/**
 * Where they lead is theirs; their limits and logging are ours.
 * https://github.com/databricks/terraform-provider-databricks/issues/5976
 */
const WRITABLE = ['rate_limits', 'inference_table'];

function checkMadeByDatabricks(entry: MergedEntry, findings: Findings): void {
  const { section } = entry.declared;
  if (entry.manage !== 'attach' || !section.reserved.names.test(entry.name)) return;
  const config = memberOf(entry.value, 'config');
  const inside = config?.kind === 'map' ? [...config.members] : [];
  const theirs = inside.filter(([name]) => !WRITABLE.includes(name));
  const comment = memberOf(entry.value, 'comment');
  for (const [name, value] of [
    ...theirs,
    ...(comment === undefined ? [] : [['comment', comment] as const]),
  ]) {
    findings.error({
      code: 'not-attachable',
      message: `${name} of ${section.reserved.says} cannot be written`,
      at: locate(value.node),
      because: { text: 'https://github.com/databricks/terraform-provider-databricks/issues/5976' },
      help: `Leave it out. What can be written there is grants and, in config, ${WRITABLE.join(' and ')}.`,
    });
  }
}

/** Known at the time of writing; more are added. https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/grants.md */
export const PRIVILEGES = ['ALL_PRIVILEGES', 'APPLY_TAG', 'EXECUTE', 'MANAGE', 'READ_METADATA'];

/** What is written otherwise is an error of its own. */
const WORD = /^[A-Z][A-Z0-9_]*$/;

function checkGrants(entry: MergedEntry, findings: Findings): void {
  const grants = memberOf(entry.value, 'grants');
  if (grants?.kind !== 'keyed') return;
  for (const privileges of grants.items.values()) {
    if (!isSaid(privileges) || privileges.node.kind !== 'list') continue;
    for (const each of privileges.node.items) {
      const word = textOf(each);
      if (word === undefined || !WORD.test(word) || PRIVILEGES.includes(word)) continue;
      findings.warning(() => ({
        code: 'unknown-value',
        message: `"${word.slice(0, 80)}" is not among the known privileges of a service`,
        at: locate(each),
        ...didYouMean(word, PRIVILEGES),
        because: { text: `known are ${PRIVILEGES.join(', ')}; others are sent as they are` },
      }));
    }
  }
}
