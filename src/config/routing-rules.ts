// Where a model service leads: how many destinations, that their shares make up a hundred, what each of them needs, and
// that a fallback is somewhere else. Looks at entries after their layers are merged. Source:
// https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/ai_gateway_model_service.md
import { canonicalJson } from '../model/json';
import { DESTINATION_BLOCKS } from '../model/model-service-fields';
import type { Findings } from './findings';
import {
  isSaid,
  type KeyedValue,
  type LayerValue,
  leafOf,
  type MapValue,
  memberOf,
  textLeaf,
} from './layers';
import { checkNeeds, reportMissing } from './needs';
import { locate, plain } from './node';
import type { MergedEntry } from './resources';

const SOURCE =
  'https://github.com/databricks/terraform-provider-databricks/blob/main/docs/resources/ai_gateway_model_service.md';
const MOST = 10;
/** Of a split: https://docs.databricks.com/aws/en/ai-gateway/model-services */
const MANY = 5;
const MOST_FALLBACKS = 5;

type Destinations = ReadonlyMap<string, MapValue>;

export function checkRouting(entry: MergedEntry, findings: Findings): void {
  const routing = memberOf(entry.value, 'config', 'routing');
  const primary = memberOf(routing, 'destinations');
  const fallback = memberOf(routing, 'fallback', 'destinations');
  const [first, second] = [wanted(primary), wanted(fallback)];
  if (primary?.kind === 'keyed') {
    checkCount(primary, first.size, findings);
    checkShares(primary, first, findings);
  }
  if (second.size > MOST_FALLBACKS) {
    findings.error({
      code: 'too-many-destinations',
      message: `${second.size} fallback destinations, and a service takes ${MOST_FALLBACKS}`,
      at: locate(fallback!.node),
      because: { text: SOURCE },
    });
  }
  for (const list of [primary, fallback]) {
    const complete = list?.kind === 'keyed' && list.whole && entry.manage === 'full';
    for (const [name, destination] of wanted(list)) checkDestination(name, destination, complete, findings);
  }
  checkApart(first, second, findings);
}

/** Destinations that are wanted, by name. */
function wanted(list: LayerValue | undefined): Destinations {
  const found = new Map<string, MapValue>();
  if (list?.kind === 'keyed')
    for (const [name, value] of list.items) if (value.kind === 'map') found.set(name, value);
  return found;
}

function checkCount(list: KeyedValue, count: number, findings: Findings): void {
  const at = locate(list.node);
  if (list.whole && count === 0 && !findings.isBroken(list.node)) {
    findings.error({ code: 'missing-field', message: 'destinations needs at least one destination', at });
  } else if (count > MOST) {
    const message = `${count} destinations, and a service takes ${MOST}`;
    findings.error({ code: 'too-many-destinations', message, at, because: { text: SOURCE } });
  } else if (count > MANY) {
    findings.warning({
      code: 'too-many-destinations',
      message: `${count} destinations; the documentation says ${MANY} in a split, the API takes ${MOST}`,
      at,
      because: { text: 'https://docs.databricks.com/aws/en/ai-gateway/model-services' },
    });
  }
}

/** Known are all shares where the list is whole; a map owns only its own keys. */
function checkShares(list: KeyedValue, destinations: Destinations, findings: Findings): void {
  const shares = [...destinations].flatMap(([name, each]) => {
    const share = memberOf(each, 'traffic_percentage');
    return share === undefined ? [] : [{ name, share, value: Number(leafOf(share)) }];
  });
  if (list.whole && destinations.size > 1) {
    for (const [name, destination] of destinations) {
      if (memberOf(destination, 'traffic_percentage') !== undefined) continue;
      reportMissing(
        `"${name}", one of ${destinations.size} destinations,`,
        destination,
        'traffic_percentage',
        findings,
      );
    }
    if (shares.length < destinations.size) return;
  }
  const sum = shares.reduce((total, { value }) => total + value, 0);
  const fits = sum === 100 || (!list.whole && sum < 100) || shares.length === 0;
  if (Number.isNaN(sum) || fits || findings.isBroken(list.node)) return;
  findings.error({
    code: 'bad-traffic',
    message:
      list.whole && destinations.size === 1
        ? `the only destination has a share of ${sum}, not 100`
        : `the shares make up ${sum}, not 100`,
    at: locate(shares.at(-1)!.share.node),
    because: {
      text: `they are ${shares.map(({ name, value }) => `${name} ${value}`).join(', ')}`,
      at: locate(list.node),
    },
  });
}

const BLOCKS: Readonly<Record<string, string>> = DESTINATION_BLOCKS;
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  pay_per_token_config: ['model'],
  provisioned_throughput_config: ['model_serving_endpoint'],
  external_model_config: ['model_provider_service', 'target'],
};

function checkDestination(name: string, destination: MapValue, complete: boolean, findings: Findings): void {
  const type = memberOf(destination, 'destination_type');
  const word = textLeaf(type);
  const own = word !== undefined && Object.hasOwn(BLOCKS, word) ? BLOCKS[word] : undefined;
  const said = Object.values(BLOCKS).filter((block) => isSaid(memberOf(destination, block)));
  const other = said.find((block) => block !== own);
  const who = `the destination "${name}"`;
  if (own !== undefined && said.length === 1 && other !== undefined) {
    findings.error({
      code: 'excluded-field',
      message: `the type ${word} takes ${own}, not ${other}`,
      at: locate(memberOf(destination, other)!.node),
      because: { text: 'the type is declared here', at: locate(type!.node) },
      help: `Write ${own}, or leave destination_type out: the block says it.`,
    });
  } else if (complete && own !== undefined && said.length === 0) {
    checkNeeds(who, destination, [own], findings);
  } else if (complete && word === undefined && said.length === 0) {
    reportMissing(who, destination, Object.values(BLOCKS).join(' or '), findings);
  }
  for (const block of said) {
    const value = memberOf(destination, block)!;
    if (!complete || value.kind !== 'map') continue;
    checkNeeds(block, value, NEEDS[block] ?? [], findings);
    const target = memberOf(value, 'target');
    if (target?.kind === 'map') checkNeeds('target', target, ['model'], findings);
  }
}

/** A label stands for one destination, and falling back to what has just failed helps rarely. */
function checkApart(primary: Destinations, fallback: Destinations, findings: Findings): void {
  const leads = new Map<string, [string, MapValue]>();
  for (const [name, destination] of primary) {
    const where = leadsTo(destination);
    if (where !== undefined) leads.set(where, [name, destination]);
  }
  for (const [name, destination] of fallback) {
    const twin = primary.get(name);
    const same = leads.get(leadsTo(destination) ?? '');
    if (twin !== undefined) {
      findings.error({
        code: 'duplicate-item',
        message: `"${name}" is the label of a destination and of a fallback`,
        at: locate(destination.node),
        because: { text: 'the destination stands here', at: locate(twin.node) },
        help: 'Give each a label of its own.',
      });
    } else if (same !== undefined) {
      findings.warning({
        code: 'no-effect',
        message: `the fallback "${name}" leads to where "${same[0]}" leads`,
        at: locate(destination.node),
        because: { text: `"${same[0]}" stands here`, at: locate(same[1].node) },
        help: 'Fall back to another model, or to another place of it.',
      });
    }
  }
}

/** The target, as far as this layer's block says it; undefined where it says none. */
function leadsTo(destination: MapValue): string | undefined {
  for (const [block, needs] of Object.entries(NEEDS)) {
    const value = memberOf(destination, block);
    if (value?.kind !== 'map' || needs.some((field) => memberOf(value, field) === undefined)) continue;
    const model = textLeaf(memberOf(value, 'target', 'model'));
    return canonicalJson([textLeaf(memberOf(value, needs[0]!)) ?? plain(value.node), model ?? null]);
  }
  return undefined;
}
