// `gatewright policy`: which rules there are, what one says, whether a team's own cases hold, and how the workspace as it
// is stands up to them. Only `audit` asks the workspace, and it only reads.
import type { Args } from '../args';
import type { Command } from '../commands';
import type { Context } from '../context';
import type { ExitCode } from '../exit-codes';
import { failure } from '../failure';
import { nearest } from '../nearest';
import { POLICY_FLAGS } from '../policies';
import { PROJECT_FLAGS } from '../project';
import { WORKSPACE_FLAGS } from '../workspace';

type Part = (operands: readonly string[], args: Args, context: Context) => Promise<ExitCode> | ExitCode;

const PARTS: Readonly<Record<string, () => Part>> = {
  list: () => (require('../policy-list') as typeof import('../policy-list')).list,
  explain: () => (require('../policy-list') as typeof import('../policy-list')).explain,
  test: () => (require('../policy-test') as typeof import('../policy-test')).test,
  audit: () => (require('../policy-audit') as typeof import('../policy-audit')).audit,
};

export const command: Command = {
  flags: [...PROJECT_FLAGS, ...WORKSPACE_FLAGS, ...POLICY_FLAGS, 'format'],
  choices: { format: ['text', 'json'] },
  operands: ['<list|explain|test|audit>', '[rule or file...]'],
  about:
    'list: the rules, and which of them hold here. explain RULE: what it says, why, and the way out. ' +
    'test FILE...: project files with lines that end in "# expect: RULE"; those and no others must be flagged. ' +
    'audit: the workspace as it is, whoever made it, against the policies here, or the pack recommended where there are none. ' +
    'Exits 4 when a policy blocks.',
  examples: [
    'gatewright policy list',
    'gatewright policy explain user-limit',
    'gatewright policy audit -t prod -o json',
  ],
  async run(args, context) {
    const [word = '', ...rest] = args.operands;
    const part = Object.hasOwn(PARTS, word) ? PARTS[word] : undefined;
    if (part !== undefined) return await part()(rest, args, context);
    const meant = nearest(word, Object.keys(PARTS));
    throw failure('usage', `policy takes list, explain, test or audit, not "${word}"`, {
      help: meant === undefined ? 'see `gatewright policy --help`' : `did you mean "${meant}"?`,
    });
  },
};
