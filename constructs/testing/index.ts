// `gatewright/testing`: unit tests of constructs. What a tree declares goes through the same reader as a project does, in
// the test's own process; nothing is started, and no workspace is asked.

import type { Diagnostic } from '../../src/model/diagnostic';
import type { JsonObject } from '../../src/model/json';
import type { GatewayApp } from '../gateway-app';
import { diagnosticText } from './diagnostic-text';
import { type SynthOptions, synth } from './synth';

export { matchers } from './matchers';
export type { SynthOptions };

export const Testing = {
  /**
   * The desired document: what `gatewright synth` prints for the program.
   * @throws Error with every diagnostic, when the declarations are invalid
   */
  synth(app: GatewayApp, options: SynthOptions = {}): JsonObject {
    const { document, diagnostics } = synth(app, options);
    if (document === undefined) throw new Error(diagnostics.map(diagnosticText).join('\n'));
    return document;
  },

  /** Errors and warnings, as `gatewright validate` finds them. */
  check(app: GatewayApp, options: SynthOptions = {}): readonly Diagnostic[] {
    return synth(app, options).diagnostics;
  },
} as const;
