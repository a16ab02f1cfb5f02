// What a plan says of one object beside its change: what is under way, what is kept, what cannot be used.
import { canonicalJson } from '../model/json';
import { pathText } from '../model/path';
import type { LiveResource } from '../model/resource';
import type { Comparison } from './diff';
import type { Notice, Subject } from './types';

export function unsettled(subject: Subject, live: LiveResource): Notice {
  const said = {
    pending: `a config update of ${subject.name} is under way; what is compared is what it will end in`,
    failed: `the last config update of ${subject.name} failed; what served before still serves`,
    cancelled: `the last config update of ${subject.name} was cancelled; what served before still serves`,
    settled: '',
  }[live.settling];
  const parts = (live.said ?? []).length > 0 ? `. ${live.said?.join('; ')}` : '';
  return {
    code: `update-${live.settling}`,
    severity: 'warning',
    address: subject.address,
    message: `${said}${parts}`,
  };
}

/** What the workspace keeps as it is, whatever is asked: said even where nothing else is. */
export function keptByServer(subject: Subject, { suppressed }: Comparison): Notice[] {
  return suppressed
    .filter(({ row }) => row.fixed === true)
    .map(({ path, live, desired, row }) => ({
      code: 'kept',
      severity: 'note',
      address: subject.address,
      message: `${pathText(path)} is ${canonicalJson(live)}, asked for ${canonicalJson(desired)}: ${row.reason}`,
    }));
}

export function unused(subject: Subject): Notice {
  return {
    code: 'set-aside-unused',
    severity: 'warning',
    address: subject.address,
    message: `a replace of ${subject.name} was cut short, and somebody else has made a new one since: what was set aside is not given to it`,
    help: 'Compare it with the file under .gatewright/journal, then delete that file.',
  };
}

/** One notice for all that a caution holds for: thirty endpoints are one thing to know. */
export function cautionNotices(cautions: ReadonlyMap<string, readonly LiveResource[]>): Notice[] {
  return [...cautions].map(([code, lives]) => {
    const names = lives.map(({ name }) => name);
    const shown =
      names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
    return { code, severity: 'note', message: `${shown}: ${lives[0]?.caution?.message}` };
  });
}

/** What the workspace itself says is wrong. The address of a glob does not tell of whom. */
export function warnings(subject: Subject, live: LiveResource): Notice[] {
  const who = subject.address.endsWith(`.${live.name}`) ? '' : `${live.name}: `;
  return (live.warnings ?? []).map(({ message, ...rest }) => ({
    ...rest,
    severity: 'warning',
    address: subject.address,
    message: `${who}${message}`,
  }));
}
