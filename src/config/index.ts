// Text → model. What the rest of the program uses of this folder.
export type { AppRun, RunApp } from './app-document';
export { DESIRED_FORMAT, desiredDocument, readDesiredDocument } from './document';
export type * from './generated/types';
export { type DeclaredName, type LoadedProject, loadProject, type ProjectRequest } from './load';
export { POLICY_FILE, type ReadPolicies, readPolicyFile, readWaiversFile, WAIVERS_FILE } from './policies';
export { diskSource, type FileSource, type ReadAnswer, type ReadProblem, textSource } from './source';
