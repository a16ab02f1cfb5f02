// From a survey of serving endpoints to entries for services: which endpoints, what is written, and the proof that it
// loads. What the language does not take is left out and said, here as in an import.
import { type Authored, type AuthorRequest, author } from '../config/author';
import { loadAuthored, type Surroundings } from '../config/author-judge';
import { settle } from '../config/author-settle';
import type { LoadedProject } from '../config/load';
import {
  type ClassicEndpoint,
  type MigratedEndpoint,
  migrate,
  type ServiceDraft,
  type Told,
} from '../config/migrate';
import { withValue } from '../config/migrate-entity';
import { pathText } from '../model/path';
import { addressOf, type LiveResource } from '../model/resource';
import type { Survey } from '../reconcile/survey';
import type { PassedOver } from './importing';

export const ENDPOINTS = 'serving_endpoints';
/** They share their names. */
export const MADE = ['model_provider_services', 'model_services'];

export interface MigrateWishes {
  /** `main.ai` */
  readonly schema: string;
  /** Named exactly: migrated even where nothing is set on it. */
  readonly isNamed: (live: { readonly kind: string; readonly name: string }) => boolean;
}

export interface Migrated {
  readonly entries: readonly Authored[];
  readonly endpoints: readonly MigratedEndpoint[];
  readonly passedOver: readonly PassedOver[];
  readonly todos: readonly { readonly name: string; readonly text: string }[];
}

export function migrateEndpoints(
  survey: Survey,
  loaded: LoadedProject | undefined,
  wishes: MigrateWishes,
): Migrated {
  const { schema, isNamed } = wishes;
  const places = new Map((loaded?.names ?? []).map(({ section, name, at }) => [`${section} ${name}`, at]));
  const declared = loaded?.desired?.resources ?? [];
  const there = new Set(survey.listed.filter(({ kind }) => MADE.includes(kind)).map(({ name }) => name));
  // Letter case means nothing in Unity Catalog: https://docs.databricks.com/aws/en/sql/language-manual/sql-ref-names
  const named = new Set(
    [
      ...there,
      ...[...places.keys()].map((key) => key.slice(key.indexOf(' ') + 1)),
      ...declared.filter(({ kind }) => MADE.includes(kind)).map(({ name }) => name),
    ].map((name) => name.toLowerCase()),
  );
  const passedOver: PassedOver[] = [];
  const endpoints: ClassicEndpoint[] = [];
  for (const { live } of survey.found) {
    const service = `${schema}.${live.name}`;
    const at = MADE.map((kind) => places.get(`${kind} ${service}`)).find((place) => place !== undefined);
    const isSilent = live.systemOwned && !isNamed(live) && author({ live, manage: 'full' }).isEmpty;
    if (at !== undefined) {
      passedOver.push({
        name: live.name,
        reason: `${service} is declared already`,
        place: `${at.file}:${at.line}`,
      });
    } else if (named.has(service.toLowerCase())) {
      passedOver.push({ name: live.name, reason: `${service} is there already` });
    } else if (isSilent) {
      passedOver.push({
        name: live.name,
        reason: 'nothing is set on it: call the service that the platform has of it in system.ai',
      });
    } else {
      const said = declared.find(
        ({ kind, name, pattern }) => kind === ENDPOINTS && name === live.name && !pattern,
      );
      named.add(service.toLowerCase());
      endpoints.push({ live, ...(said === undefined ? {} : { declared: said }) });
    }
  }
  const taken = new Set(
    [...named]
      .filter((name) => name.startsWith(`${schema.toLowerCase()}.`))
      .map((name) => name.slice(schema.length + 1)),
  );
  const moved = migrate({
    endpoints,
    schema,
    taken,
    declared: declared.filter(({ name }) => name.startsWith(`${schema}.`)),
  });
  const { entries, refused } = written(moved.drafts, loaded);
  const lost = new Map(
    refused.map(({ live, reason }) => [addressOf({ kind: live.kind, key: live.name }), reason]),
  );
  return {
    entries,
    endpoints: moved.endpoints.map((endpoint) => settled(endpoint, entries, lost)),
    passedOver,
    todos: [
      ...moved.drafts.flatMap(({ name, todos }) => todos.map((text) => ({ name, text }))),
      ...moved.missing.map(({ name, model, types }) => ({
        name,
        text: `add to its targets: { model: ${model}, native_api_types: [${types.join(', ')}] }`,
      })),
    ],
  };
}

function written(drafts: readonly ServiceDraft[], loaded: LoadedProject | undefined) {
  const surroundings: Surroundings = {
    project: loaded?.desired?.project ?? 'migrated',
    target: loaded?.desired?.target ?? '',
  };
  const onlyIn = (loaded?.targets.length ?? 0) > 1 ? { onlyIn: loaded?.desired?.target ?? '' } : {};
  const byRequest = new Map(
    drafts.map((draft): [AuthorRequest, ServiceDraft] => [
      { live: asLive(draft), manage: 'full', ...onlyIn },
      draft,
    ]),
  );
  const byAddress = new Map(drafts.map((draft) => [addressOf({ kind: draft.kind, key: draft.name }), draft]));
  const whole = (entry: Authored) => withDraft(entry, byAddress.get(addressOf(entry)));
  const { entries, refused } = settle(
    [...byRequest.keys()],
    (all) => loadAuthored(all.map(whole), surroundings).objections,
  );
  return { entries: entries.map(whole), refused };
}

/** What is to be, as if it were there: then it is written as an import would write it. */
function asLive({ kind, name, fields }: ServiceDraft): LiveResource {
  return {
    kind,
    name,
    sort: 'own',
    fields,
    unknownFields: [],
    unknownMembers: [],
    settling: 'settled',
    systemOwned: false,
    raw: {},
  };
}

function withDraft(entry: Authored, draft: ServiceDraft | undefined): Authored {
  if (draft === undefined) return entry;
  const value = draft.apart.reduce((all, one) => withValue(all, one.at, one.value), entry.value);
  // An import speaks of what is stored; here nothing is yet.
  const notes = entry.notes.filter(({ text }) => !text.startsWith('A credential is stored'));
  return { ...entry, value, notes: [...draft.notes, ...notes] };
}

/** What was left out after all is said so. */
function settled(
  endpoint: MigratedEndpoint,
  entries: readonly Authored[],
  lost: ReadonlyMap<string, string>,
): MigratedEndpoint {
  const byAddress = new Map(entries.map((entry) => [addressOf(entry), entry]));
  const address =
    endpoint.service === undefined ? '' : addressOf({ kind: 'model_services', key: endpoint.service });
  const stays = lost.get(address);
  const told = endpoint.told.map((one): Told => {
    const reason = stays ?? reasonFor(one);
    if (reason === undefined) return one;
    const { to: _nowhere, ...rest } = one;
    return { ...rest, outcome: 'none', says: reason };
  });
  if (stays === undefined) return { ...endpoint, told };
  return { name: endpoint.name, stays: `it cannot be declared: ${stays}`, told };

  function reasonFor({ to }: Told): string | undefined {
    if (to === undefined) return undefined;
    const at = pathText(to.path);
    const gone = byAddress.get(to.address)?.leftOut.find(({ path }) => isWithin(at, pathText(path)));
    return lost.get(to.address) ?? gone?.reason;
  }
}

function isWithin(path: string, block: string): boolean {
  return path === block || (path.startsWith(block) && '.['.includes(path[block.length] ?? ''));
}
