// Loading a project: its files, the target that is meant, and the desired resources there. All problems come at once;
// with an error there is nothing desired. Reads through the source it is given and touches nothing else.
import type { Diagnostic, Location } from '../model/diagnostic';
import type { Desired } from '../model/resource';
import { readProjectFiles } from './files';
import { Findings } from './findings';
import { member } from './node';
import { chooseTarget, hostOf, noProjectName, type Project, readProject } from './project';
import { TargetReader } from './resources';
import type { FileSource } from './source';
import { valuesOf } from './variables';

export interface ProjectRequest {
  readonly source: FileSource;
  /** The root file, relative to the source. Default `gatewright.yaml`. */
  readonly root?: string;
  /** Default: the target marked `default: true`, else the only one. */
  readonly target?: string;
  /** What --var says; it wins over files and targets. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The files are of another time: what --var names and they do not declare is passed over. */
  readonly past?: boolean;
  /** Warnings become errors. */
  readonly strict?: boolean;
  /** Check every target, not only the one that is meant. */
  readonly allTargets?: boolean;
  /** A date such as `2026-11-20`. Without it nothing is found to be in the future. */
  readonly today?: string;
}

export interface LoadedProject {
  /** Absent when there are errors, and when all targets are checked and none is meant. */
  readonly desired?: Desired;
  readonly diagnostics: readonly Diagnostic[];
  /** By file, as they may be shown: credentials are starred out. */
  readonly texts: ReadonlyMap<string, string>;
  readonly targets: readonly string[];
  readonly files: readonly string[];
  /** Every entry and preset of every file, whatever the target. */
  readonly names: readonly DeclaredName[];
  /** Members of the root file that the files alone do not tell: programs and packages, which have to be run or read elsewhere. */
  readonly beyond: readonly string[];
}

const BEYOND_FILES = ['app', 'modules'];

export interface DeclaredName {
  /** `presets`, or the kind of an entry. */
  readonly section: string;
  readonly name: string;
  readonly at: Location;
}

export function loadProject(request: ProjectRequest): LoadedProject {
  const findings = new Findings(request.strict);
  const given = request.variables ?? {};
  const { files, names, texts } = readProjectFiles(
    request.root ?? 'gatewright.yaml',
    request.source,
    findings,
  );
  const project = readProject(files, request.past === true ? {} : given, findings);
  // Nothing but comments: there is no value that could lack the name.
  if (!findings.hasErrors && project === undefined)
    noProjectName({ file: names[0]!, line: 1, column: 1 }, findings);
  const desired = project === undefined ? undefined : desiredOf(project, request, given, findings);
  const root = files.find(({ isRoot }) => isRoot)?.node;
  return {
    ...(desired === undefined || findings.hasErrors ? {} : { desired }),
    diagnostics: findings.diagnostics(),
    texts,
    targets: [...(project?.targets.keys() ?? [])],
    files: names,
    names: namesOf(project),
    beyond: BEYOND_FILES.filter((name) => member(root, name) !== undefined),
  };
}

function namesOf(project: Project | undefined): DeclaredName[] {
  const presets = [...(project?.presets.values() ?? [])].map(({ name, at }) => ({
    section: 'presets',
    name,
    at,
  }));
  const entries = (project?.entries ?? []).map(({ section, name, at }) => ({
    section: section.kind,
    name,
    at,
  }));
  return [...presets, ...entries];
}

function desiredOf(
  project: Project,
  request: ProjectRequest,
  given: Readonly<Record<string, string>>,
  findings: Findings,
): Desired | undefined {
  const chosen = chooseTarget(project.targets, request.target);
  const target = 'target' in chosen ? chosen.target : undefined;
  const anyIsFine = request.allTargets === true && request.target === undefined;
  if ('problem' in chosen && !anyIsFine) findings.error(chosen.problem);
  const others = request.allTargets ? [...project.targets.keys()].filter((name) => name !== target) : [];
  const read = (name: string) => readTarget(project, name, request.today, given, findings);
  for (const other of others) read(other);
  return target === undefined ? undefined : read(target);
}

function readTarget(
  project: Project,
  target: string,
  today: string | undefined,
  given: Readonly<Record<string, string>>,
  findings: Findings,
): Desired {
  const named = project.targets.get(target);
  const values = valuesOf(project.variables, member(named?.node, 'variables'), given, findings);
  const declared = new TargetReader(project, target, values, findings).read(today);
  const host = hostOf(named?.node);
  const protect = member(named?.node, 'protect');
  return {
    project: project.name,
    target,
    ...(host === undefined ? {} : { host }),
    protect: protect?.kind === 'scalar' && protect.value === true,
    ...declared,
  };
}
