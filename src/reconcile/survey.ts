// Survey: what a workspace has, for somebody who has declared nothing yet. One list for each kind, then each wanted
// object whole with what is read apart. Only reads; what may not be read is said, and nothing is guessed.
import { ApiError } from '../databricks/errors';
import type { Client } from '../databricks/http';
import { isObject, type Json } from '../model/json';
import type { LiveResource } from '../model/resource';
import type { Listed } from '../plan/expand';
import { wireOf } from '../wire';
import type { Extra } from '../wire/step';
import { eachLimited } from './each';
import { pages } from './pages';
import { withExtras } from './refresh';

export interface SurveyRequest {
  readonly client: Client;
  readonly kinds: readonly string[];
  /** Of all that is listed, what is read whole. */
  readonly choose: (listed: readonly LiveResource[]) => readonly LiveResource[];
  /** Names to ask for although they are not listed, by kind. */
  readonly names?: readonly { readonly kind: string; readonly name: string }[];
  readonly parallelism: number;
  readonly signal?: AbortSignal;
}

export interface Surveyed {
  /** Whole. */
  readonly live: LiveResource;
  /** Fields with a read of their own that was refused, each with the reason. */
  readonly unread: ReadonlyMap<string, string>;
}

export interface Survey {
  readonly listed: readonly LiveResource[];
  /** In the order of the list; what was only asked for by name follows. */
  readonly found: readonly Surveyed[];
  /** There, and not to be read, with the reason. */
  readonly unreadable: readonly { readonly kind: string; readonly name: string; readonly reason: string }[];
  /** Neither listed nor found by name. */
  readonly absent: readonly { readonly kind: string; readonly name: string }[];
}

export async function survey(request: SurveyRequest): Promise<Survey> {
  const listed: LiveResource[] = [];
  const options = request.signal === undefined ? {} : { signal: request.signal };
  for (const kind of request.kinds) {
    const wire = wireOf(kind);
    for (const listing of wire.lists(namesOf(request, kind))) {
      const found = await pages(request.client, listing, {}, request.signal);
      for (const page of found) listed.push(...wire.items(page).map((raw) => wire.fromWire(raw, false)));
    }
  }
  const isListed = (one: { kind: string; name: string }) =>
    listed.some(({ kind, name }) => kind === one.kind && name === one.name);
  const unlisted = (request.names ?? []).filter((one) => !isListed(one));
  const reads = [...request.choose(listed), ...unlisted];
  const found: (Surveyed | undefined)[] = reads.map(() => undefined);
  const unreadable: { kind: string; name: string; reason: string }[] = [];
  const absent: { kind: string; name: string }[] = [];
  await eachLimited(reads, request.parallelism, async ({ kind, name }, index) => {
    try {
      found[index] = await readOne(kind, name);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.kind === 'not-found' && index >= reads.length - unlisted.length) absent.push({ kind, name });
      else if (error.kind === 'not-found' || error.kind === 'forbidden')
        unreadable.push({ kind, name, reason: error.detail });
      else throw error;
    }
  });
  return { listed, found: found.filter((one) => one !== undefined), unreadable, absent };

  async function readOne(kind: string, name: string): Promise<Surveyed> {
    const wire = wireOf(kind);
    const { body } = await request.client.call(wire.get, { name }, options);
    if (!isObject(body)) throw new Error(`an answer about "${name}" that is no object`);
    const live = wire.fromWire(body, true);
    const unread = new Map<string, string>();
    const extras: { [field: string]: Json } = {};
    for (const extra of wire.extras) {
      const answer = await readExtra(extra, live);
      if (answer?.reason !== undefined) unread.set(extra.field, answer.reason);
      else if (answer?.value !== undefined) extras[extra.field] = answer.value;
    }
    return { live: withExtras(live, extras), unread };
  }

  async function readExtra(
    extra: Extra,
    live: LiveResource,
  ): Promise<{ readonly value?: Json; readonly reason?: string } | undefined> {
    const params = extra.params(live);
    if (params === undefined) return undefined;
    try {
      return { value: extra.fromWire(await pages(request.client, extra, params, request.signal)) };
    } catch (error) {
      const isRefused =
        error instanceof ApiError && ['forbidden', 'not-found', 'feature-disabled'].includes(error.kind);
      if (!isRefused) throw error;
      return { reason: error.detail };
    }
  }
}

function namesOf({ names = [] }: SurveyRequest, kind: string): string[] {
  return names.filter((one) => one.kind === kind).map(({ name }) => name);
}

/** A survey's listing as a plan takes it. */
export function listedOf(survey: Survey): Listed[] {
  return survey.listed.map(({ kind, name, sort }) => ({ kind, name, sort }));
}
