// Authoring: from a live resource to the entry that a person would write for it. Says what is set and leaves out what
// is standard; what cannot be read, written or declared becomes a note. Data in, data out; author-yaml makes it text.
import { emptyObject, isList, isObject, type Json, type JsonObject } from '../model/json';
import type { Path } from '../model/path';
import type { LiveResource, Manage } from '../model/resource';
import { endpointHabits } from './author-endpoint';
import { AuthorWalk } from './author-walk';
import { SECTIONS, type Section } from './sections';
import { annotatedSchema, follow } from './validators';

/** A comment, above the value at a path of the entry (or above what holds it, where that is not written). */
export interface Note {
  readonly at: Path;
  readonly text: string;
}

export interface Authored {
  readonly kind: string;
  readonly key: string;
  readonly manage: Manage;
  /** In the authoring form; the order of members is that of the file. */
  readonly value: JsonObject;
  readonly notes: readonly Note[];
  /** What a person has to do or know, in few words each: for a summary. */
  readonly todos: readonly string[];
  /** It declares no field. */
  readonly isEmpty: boolean;
}

/**
 * How an entry is written. Rate limits and tags are maps, which own what they list and leave what others add.
 * Permissions are a list where the object is ours: a grant that somebody adds by hand is what a reviewer must see.
 * Entities are a list, because it has the order of fallback; a map where the list would have to say what cannot be read.
 */
export interface Form {
  readonly entities: 'list' | 'map';
  /** Values to leave out, by `placeKey` of their path in the entry, each with the reason. */
  readonly without: ReadonlyMap<string, string>;
}

export interface AuthorRequest {
  /** Read whole. */
  readonly live: LiveResource;
  /** What is wished; what the platform made, or has a reserved name, is attached instead of managed fully. */
  readonly manage: Manage;
  /** The only target that it is for. */
  readonly onlyIn?: string;
  /** Fields that could not be read, each with the reason. */
  readonly unread?: ReadonlyMap<string, string>;
}

/** What is particular to the objects of one section. */
export interface Habits {
  /** Names that cannot be managed fully. */
  readonly reserved: RegExp;
  /** Live fields as the shorthands say them. */
  prepare(walk: AuthorWalk, live: LiveResource): JsonObject;
  /** What can be left out once all is said, and notes about what is said. */
  finish(walk: AuthorWalk, entry: { [member: string]: Json }): void;
}

const HABITS: Readonly<Record<string, Habits>> = { serving_endpoints: endpointHabits };

export const LIST_FORM: Form = { entities: 'list', without: new Map() };

/** Whether entries of this kind can be authored. */
export function canAuthor(kind: string): boolean {
  return Object.hasOwn(HABITS, kind) && sectionOf(kind) !== undefined;
}

/** Why an object of this name cannot be declared at all. */
export function undeclarable({ kind, name }: Pick<LiveResource, 'kind' | 'name'>): string | undefined {
  const section = sectionOf(kind);
  if (section === undefined) return 'it is of a kind that files do not declare';
  return section.name.test(name) ? undefined : `a name must be ${section.nameSays}`;
}

export function author(request: AuthorRequest, form: Form = LIST_FORM): Authored {
  const { live, onlyIn } = request;
  const section = sectionOf(live.kind);
  const habits = HABITS[live.kind];
  if (section === undefined || habits === undefined) throw new Error(`no section: ${live.kind}`);
  const isReserved = live.systemOwned || habits.reserved.test(live.name);
  const manage = request.manage === 'full' && isReserved ? 'attach' : request.manage;
  const walk = new AuthorWalk(live, manage, form);
  const entry = emptyObject();
  if (manage !== 'full') entry.manage = manage;
  if (isReserved && live.sort !== 'no_config') entry.kind = live.sort;
  if (onlyIn !== undefined) entry.only_in = [onlyIn];
  const begun = Object.keys(entry).length;
  describe(walk, request);
  const fields = habits.prepare(walk, live);
  const root = annotatedSchema('authoring');
  const isTheirs = manage === 'attach' || live.systemOwned;
  const said: [string, Json][] = [];
  for (const [field, schema] of Object.entries(root.$defs?.[section.entry]?.properties ?? {})) {
    const isWritten = (isTheirs ? section.attachable : section.fields).includes(field);
    const value = isWritten ? walk.value([field], [field], follow(root, schema), fields[field]) : undefined;
    if (value !== undefined) said.push([field, value]);
  }
  // A description before what it describes: what is one line long goes first.
  const isLine = ([, value]: [string, Json]) => !isObject(value) && !isList(value);
  for (const [field, value] of [...said.filter(isLine), ...said.filter((one) => !isLine(one))])
    entry[field] = value;
  habits.finish(walk, entry);
  const isEmpty = Object.keys(entry).length === begun;
  if (isEmpty) walk.note([], 'Nothing that could be declared is set on it.');
  return {
    kind: live.kind,
    key: live.name,
    manage,
    value: entry,
    notes: walk.notes,
    todos: walk.todos,
    isEmpty,
  };
}

const SETTLING: Readonly<Record<LiveResource['settling'], string>> = {
  settled: '',
  pending: 'A config update is under way: this is what it will end in.',
  failed: 'Its last config update failed: this is what serves.',
  cancelled: 'Its last config update was cancelled: this is what serves.',
};

function describe(walk: AuthorWalk, { live, unread }: AuthorRequest): void {
  const said = SETTLING[live.settling];
  if (said !== '')
    walk.note(
      [],
      `${said} ${(live.said ?? []).join('; ')}`.trim(),
      said.replace(/[.:].*$/, '').toLowerCase(),
    );
  for (const [field, reason] of unread ?? []) {
    walk.note(
      [],
      `${field} could not be read, and nothing is said of it here: ${reason}`,
      `${field} not readable`,
    );
  }
}

function sectionOf(kind: string): Section | undefined {
  return SECTIONS.find((section) => section.kind === kind);
}
