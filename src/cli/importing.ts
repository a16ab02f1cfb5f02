// From a survey to entries: what is passed over and why, what is written, and the proof that a plan of it has no change
// but adopt. One path for stdout and files.
import { type Authored, type AuthorRequest, author, undeclarable } from '../config/author';
import { foldGlobs } from '../config/author-fold';
import { loadAuthored, type Surroundings } from '../config/author-judge';
import { liftPresets } from '../config/author-presets';
import { type Judge, type Objection, settle } from '../config/author-settle';
import type { AuthoredEntry } from '../config/author-yaml';
import type { LoadedProject } from '../config/load';
import type { Location } from '../model/diagnostic';
import type { Path } from '../model/path';
import type { LiveResource, Manage } from '../model/resource';
import { type LiveEstate, liveKey } from '../plan/estate';
import { expand } from '../plan/expand';
import { makePlan } from '../plan/plan';
import type { Plan } from '../plan/types';
import { listedOf, type Survey } from '../reconcile/survey';

export interface ImportWishes {
  readonly manage: Manage;
  readonly presets: boolean;
  readonly fold: boolean;
  /** Named exactly: imported even where there is nothing to say of it. */
  readonly isNamed: (live: { readonly kind: string; readonly name: string }) => boolean;
}

export interface PassedOver {
  readonly name: string;
  readonly reason: string;
  /** Where that is written: `gateways/chat.yaml:3`. */
  readonly place?: string;
}

export interface Imported {
  readonly entries: readonly Authored[];
  readonly presets: readonly AuthoredEntry[];
  /** By the glob's key, the names that it stands for. */
  readonly globs: ReadonlyMap<string, readonly string[]>;
  readonly passedOver: readonly PassedOver[];
}

/** Why a listed object is not even read; undefined when it is wanted. */
export function alreadySaid(
  loaded: LoadedProject | undefined,
  listed: readonly LiveResource[],
): (live: Pick<LiveResource, 'kind' | 'name'>) => PassedOver | undefined {
  const resources = loaded?.desired?.resources ?? [];
  const names = new Map((loaded?.names ?? []).map(({ section, name, at }) => [liveKey(section, name), at]));
  const byName = new Map(resources.map(({ kind, name, origins }) => [liveKey(kind, name), origins['']]));
  const removed = new Set((loaded?.desired?.removed ?? []).map(({ kind, name }) => liveKey(kind, name)));
  const governed = loaded?.desired === undefined ? [] : expand(loaded.desired, listed).governed;
  const via = new Map(
    governed.map(({ resource, via: globs }) => [liveKey(resource.kind, resource.name), globs[0]]),
  );
  return (live) => {
    const key = liveKey(live.kind, live.name);
    const at = byName.get(key) ?? names.get(key);
    const { name } = live;
    if (at !== undefined) return { name, reason: 'declared already', place: placeText(at) };
    const glob = via.get(key);
    const reason =
      glob !== undefined
        ? `governed by ${glob}`
        : removed.has(key)
          ? 'declared under removed'
          : undeclarable(live);
    return reason === undefined ? undefined : { name, reason };
  };
}

function placeText({ file, line }: Location): string {
  return `${file}:${line}`;
}

export function importEntries(
  survey: Survey,
  loaded: LoadedProject | undefined,
  wishes: ImportWishes,
): Imported {
  const passedOver: PassedOver[] = [];
  const requests = requestsOf(survey, loaded, wishes, passedOver);
  const estate = estateOf(survey);
  const surroundings: Surroundings = {
    project: loaded?.desired?.project ?? 'imported',
    target: loaded?.desired?.target ?? '',
  };
  const { entries, refused } = settle(requests, judgeBy(estate, surroundings));
  for (const { live, reason } of refused)
    passedOver.push({ name: live.name, reason: `it cannot be declared: ${reason}` });
  const { entries: folded, globs } = wishes.fold
    ? foldGlobs(entries, survey.listed)
    : { entries, globs: new Map<string, readonly string[]>() };
  const taken = (loaded?.names ?? []).filter(({ section }) => section === 'presets').map(({ name }) => name);
  const lifted = wishes.presets ? liftPresets(folded, new Set(taken)) : { entries: folded, presets: [] };
  if (globs.size > 0 || lifted.presets.length > 0) {
    const [objection] = judgeBy(estate, { ...surroundings, presets: lifted.presets })(lifted.entries);
    if (objection !== undefined) throw new Error(`what was folded says something else: ${objection.message}`);
  }
  return { ...lifted, globs, passedOver };
}

/** What is written an entry for; the rest is passed over, each with its reason. */
function requestsOf(
  survey: Survey,
  loaded: LoadedProject | undefined,
  { manage, isNamed }: ImportWishes,
  passedOver: PassedOver[],
): AuthorRequest[] {
  const project = loaded?.desired?.project;
  // In other targets an entry would ask for what is not there.
  const onlyIn = (loaded?.targets.length ?? 0) > 1 ? { onlyIn: loaded?.desired?.target ?? '' } : {};
  return survey.found.flatMap(({ live, unread }) => {
    const request = { live, manage, unread, ...onlyIn };
    const isForeign = live.stamp !== undefined && live.stamp !== project && manage === 'full';
    const isSilent = () => live.systemOwned && !isNamed(live) && author(request).isEmpty;
    const reason =
      undeclarable(live) ??
      (isForeign ? foreign(live.stamp ?? '', project) : isSilent() ? 'nothing is set on it' : undefined);
    if (reason === undefined) return [request];
    passedOver.push({ name: live.name, reason });
    return [];
  });
}

function foreign(stamp: string, project: string | undefined): string {
  return project === undefined
    ? `belongs to project "${stamp}": write gatewright.yaml with that name first, or say --manage observe`
    : `belongs to project "${stamp}": --manage attach or observe takes it in beside that project`;
}

function estateOf(survey: Survey): LiveEstate {
  return {
    resources: new Map(survey.found.map(({ live }) => [liveKey(live.kind, live.name), live])),
    absent: new Set(),
    unseen: new Map(),
    listed: listedOf(survey),
    notices: [],
  };
}

/** Loads the entries and plans them against what is live: nothing may come of it but adoption. */
function judgeBy(estate: LiveEstate, surroundings: Surroundings): Judge {
  const judge: Judge = (entries) => {
    if (entries.length === 0) return [];
    const { loaded, objections } = loadAuthored(entries, surroundings);
    if (objections.length > 0) {
      const faulty = new Set(objections.map(({ kind, key }) => liveKey(kind, key)));
      return [...objections, ...judge(entries.filter(({ kind, key }) => !faulty.has(liveKey(kind, key))))];
    }
    if (loaded.desired === undefined) throw new Error(loaded.diagnostics[0]?.message ?? 'nothing was loaded');
    const { plan, diagnostics } = makePlan({
      desired: loaded.desired,
      live: estate,
      host: '',
      tool: '',
      now: 0,
    });
    if (diagnostics[0] !== undefined) throw new Error(diagnostics[0].message);
    return objectionsIn(plan);
  };
  return judge;
}

function objectionsIn({ changes, observed, refused }: Plan): Objection[] {
  const keyOf = ({ kind, address }: { kind: string; address: string }) => ({
    kind,
    key: address.slice(kind.length + 1),
  });
  const differing = [...changes, ...observed].flatMap((change) =>
    change.differences.map(({ segments, path }) => ({
      ...keyOf(change),
      at: fieldOf(segments),
      isLeaf: false,
      message: `a plan would change ${path}`,
    })),
  );
  const others = changes
    .filter(({ action, differences }) => action !== 'adopt' && differences.length === 0)
    .map((change) => ({
      ...keyOf(change),
      at: [],
      isLeaf: false,
      message: `a plan would ${change.action} it`,
    }));
  const guarded = refused.map((one) => ({ ...keyOf(one), at: [], isLeaf: false, message: one.message }));
  return [...differing, ...others, ...guarded];
}

const fieldOf = (segments: Path): Path => segments.slice(0, 2).filter((segment) => !segment.startsWith('['));
