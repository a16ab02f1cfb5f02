// Which names of the environment may be given away as credentials, and that a file names them itself.
import type { Findings } from './findings';
import type { LayerValue, LeafValue } from './layers';
import { locate } from './node';
import { FROM_ENVIRONMENT } from './variables';

/** What the tool itself logs in with, and what a CI hands to its jobs: never for somebody else. */
const NOT_FOR_OTHERS = /^(DATABRICKS|GITHUB|ACTIONS|ARM)_/i;

export function checkEnvironmentNames(value: LayerValue, findings: Findings): void {
  if (value.kind === 'leaf') checkName(value, findings);
  if (value.kind === 'map') for (const each of value.members.values()) checkEnvironmentNames(each, findings);
}

function checkName({ node, value }: LeafValue, findings: Findings): void {
  const name = typeof value === 'string' ? FROM_ENVIRONMENT.exec(value)?.[1] : undefined;
  if (name === undefined) return;
  if (node.kind === 'scalar' && node.filledIn) {
    findings.error({
      code: 'env-not-allowed',
      message: 'what is taken from the environment is named in the file itself, not by a variable',
      at: locate(node),
      help: 'Write ${env.NAME} here.',
    });
  } else if (NOT_FOR_OTHERS.test(name)) {
    findings.error({
      code: 'env-not-allowed',
      message: 'this name in the environment is for what runs here, not for a provider',
      at: locate(node),
      help: 'Give the credential under a name that does not begin with DATABRICKS_, GITHUB_, ACTIONS_ or ARM_.',
    });
  }
}
