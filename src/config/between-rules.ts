// What entries of one target say about each other: that what a model service leads to is there, is of the right sort, and
// is not about to go. Looks at all entries after their layers are merged.
import type { RemovedResource } from '../model/resource';
import { declaredSort } from './endpoint-rules';
import type { Findings } from './findings';
import { type LayerValue, leafOf, memberOf, textLeaf } from './layers';
import { locate } from './node';
import { placeOf } from './removed';
import type { MergedEntry } from './resources';
import { didYouMean } from './suggest';

interface Reference {
  readonly kind: 'model_provider_services' | 'serving_endpoints';
  readonly name: string;
  readonly noun: string;
  /** What names it. */
  readonly value: LayerValue;
  /** The model that is asked of a provider. */
  readonly model?: LayerValue;
}

export function checkBetween(
  entries: readonly MergedEntry[],
  removed: readonly RemovedResource[],
  findings: Findings,
): void {
  const declared = new Map(entries.map((entry) => [`${entry.declared.section.kind} ${entry.name}`, entry]));
  const going = new Map(
    removed.filter(({ destroy }) => destroy).map((each) => [`${each.kind} ${each.name}`, each]),
  );
  const schemas = new Set(entries.flatMap((entry) => ownSchema(entry) ?? []));
  const providers = entries.filter(({ declared: { section } }) => section.kind === 'model_provider_services');
  for (const entry of entries) {
    if (entry.declared.section.kind !== 'model_services') continue;
    for (const reference of referencesOf(entry)) {
      const identity = `${reference.kind} ${reference.name}`;
      const gone = going.get(identity);
      const target = declared.get(identity);
      if (gone !== undefined) refuseGoing(entry, reference, gone, findings);
      else if (target !== undefined) checkTarget(reference, target, findings);
      else if (schemas.has(schemaOf(reference.name))) pointOutMissing(reference, providers, findings);
    }
  }
}

const schemaOf = (name: string) => name.slice(0, name.lastIndexOf('.'));

/** The schema of what is managed fully here: what stands in it is expected to be declared. */
function ownSchema({ manage, name, declared }: MergedEntry): string | undefined {
  return manage === 'full' && declared.section.kind !== 'serving_endpoints' ? schemaOf(name) : undefined;
}

function referencesOf(entry: MergedEntry): Reference[] {
  const routing = memberOf(entry.value, 'config', 'routing');
  const lists = [memberOf(routing, 'destinations'), memberOf(routing, 'fallback', 'destinations')];
  const destinations = lists.flatMap((list) => (list?.kind === 'keyed' ? [...list.items.values()] : []));
  return destinations.flatMap((destination) => [
    ...reference(destination, 'model_provider_services'),
    ...reference(destination, 'serving_endpoints'),
  ]);
}

const WHERE = {
  model_provider_services: {
    path: ['external_model_config', 'model_provider_service'],
    noun: 'model provider service',
  },
  serving_endpoints: {
    path: ['provisioned_throughput_config', 'model_serving_endpoint'],
    noun: 'serving endpoint',
  },
} as const;

function reference(destination: LayerValue, kind: keyof typeof WHERE): Reference[] {
  const { path, noun } = WHERE[kind];
  const value = memberOf(destination, ...path);
  const text = textLeaf(value);
  if (value === undefined || text === undefined) return [];
  const name = text.slice(text.indexOf('/') + 1);
  const model = memberOf(destination, 'external_model_config', 'target', 'model');
  return [{ kind, name, noun, value, ...(model === undefined ? {} : { model }) }];
}

function refuseGoing(
  entry: MergedEntry,
  { name, noun, value }: Reference,
  gone: RemovedResource,
  findings: Findings,
): void {
  findings.error({
    code: 'removed-and-needed',
    message: `the ${noun} "${name}" is removed, and ${entry.declared.section.kind}.${entry.declared.name} leads to it`,
    at: locate(value.node),
    because: { text: 'it is removed here', at: placeOf(gone.origin) },
    help: 'Lead to something else first, or keep it.',
  });
}

function pointOutMissing(
  { name, noun, value }: Reference,
  providers: readonly MergedEntry[],
  findings: Findings,
): void {
  findings.warning(() => ({
    code: 'dangling-reference',
    message: `no file declares the ${noun} "${name}", though its schema is managed here`,
    at: locate(value.node),
    ...didYouMean(
      name,
      providers.map((entry) => entry.name),
    ),
    help: 'Declare it, or see that it exists before this is applied.',
  }));
}

function checkTarget(reference: Reference, target: MergedEntry, findings: Findings): void {
  if (reference.kind === 'serving_endpoints') checkThroughput(reference, target, findings);
  else checkListed(reference, target, findings);
}

/** Only where it is certain: a config that is declared in part may leave the throughput to what is live. */
function checkThroughput({ name, value }: Reference, target: MergedEntry, findings: Findings): void {
  const sort = declaredSort(target);
  if (sort === undefined || sort.sort === 'provisioned_throughput') return;
  if (sort.by === 'config' && sort.sort !== 'external') return;
  findings.error({
    code: 'wrong-kind',
    message: `a destination leads to provisioned throughput, and "${name}" is ${sort.sort.replaceAll('_', ' ')}`,
    at: locate(value.node),
    because: { text: 'what it is follows from here', at: locate(sort.node) },
    help: 'For an external model, declare a model provider service and lead to that.',
  });
}

function checkListed({ name, model }: Reference, target: MergedEntry, findings: Findings): void {
  const targets = memberOf(target.value, 'config', 'targets');
  const word = textLeaf(model);
  const all = leafOf(memberOf(target.value, 'config', 'allow_all_targets'));
  if (model === undefined || word === undefined || targets?.kind !== 'keyed' || !targets.whole) return;
  if (all === true || targets.items.has(word)) return;
  const finding = () => ({
    code: 'unlisted-model',
    message: `"${name}" does not list the model "${word.slice(0, 80)}"`,
    at: locate(model.node),
    ...didYouMean(word, [...targets.items.keys()]),
    because: { text: 'its targets stand here', at: locate(targets.node) },
    help: 'List it there, or write allow_all_targets: true there.',
  });
  // Without a word it may be allowed live.
  if (all === false) findings.error(finding);
  else findings.warning(finding);
}
