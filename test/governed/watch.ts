// Watches a workspace while a command runs: no state that it passes through may be less governed than both ends.
// Each must be held in everything at least as tight as one end, and must reach nothing that neither end reaches.
import type { JsonObject } from '../../src/model/json';
import type { RecordedRequest, Simulator, WorkspaceState } from '../../src/simulator';
import { at, type State, yardstick } from './measure';

interface Moment {
  readonly after: string;
  readonly endpoints: ReadonlyMap<string, JsonObject>;
}

/** The states that a rule is allowed to find, and why: there is one. */
const EXCEPTIONS: readonly {
  readonly why: string;
  readonly held: string;
  holds(first: State, last: State): boolean;
}[] = [
  {
    why: 'The API moves an inference table only while it is off; the plan states the gap in logging.',
    held: 'inference_table_config',
    holds: (first, last) =>
      logsTo(first) !== undefined && logsTo(last) !== undefined && logsTo(first) !== logsTo(last),
  },
];

function logsTo(state: State): string | undefined {
  const table = at(state, 'ai_gateway', 'inference_table_config');
  if (at(table, 'enabled') !== true) return undefined;
  return ['catalog_name', 'schema_name', 'table_name_prefix'].map((name) => at(table, name) ?? '').join('.');
}

export class Watch {
  #moments: Moment[] = [];

  constructor(readonly snapshot: () => WorkspaceState) {}

  /** What is there now is one end. */
  begin(): void {
    this.#moments = [];
    this.#look('the beginning');
  }

  /** Give it to the simulator as `handled`. */
  readonly handled = ({ method, path }: RecordedRequest): void => {
    if (this.#moments.length > 0) this.#look(`${method} ${path}`);
  };

  /** What is there now is the other end: every state between that is less governed than both, in words. */
  end(): string[] {
    this.#look('the end');
    const moments = this.#moments;
    this.#moments = [];
    const names = new Set(moments.flatMap(({ endpoints }) => [...endpoints.keys()]));
    return [...names].flatMap((name) =>
      lessGoverned(moments.map(({ after, endpoints }) => ({ after, state: endpoints.get(name) }))).map(
        (words) => `${name}: ${words}`,
      ),
    );
  }

  #look(after: string): void {
    const endpoints = this.snapshot().serving_endpoints ?? [];
    this.#moments.push({
      after,
      endpoints: new Map(endpoints.map((endpoint) => [endpoint.name, endpoint as JsonObject])),
    });
  }
}

/** A simulator that tells a watch what it does. */
export async function watched(
  start: typeof Simulator.start,
  options: Parameters<typeof Simulator.start>[0],
): Promise<{ simulator: Simulator; watch: Watch }> {
  const watch = new Watch(() => simulator.snapshot());
  const simulator = await start({ ...options, handled: watch.handled });
  return { simulator, watch };
}

/** States of one endpoint in the order in which they were; the first and the last are the ends. */
export function lessGoverned(
  moments: readonly { readonly after: string; readonly state: State }[],
): string[] {
  const changes = moments.filter(
    ({ state }, index) => index === 0 || JSON.stringify(state) !== JSON.stringify(moments[index - 1]?.state),
  );
  if (changes.length < 3) return [];
  const [first, last] = [changes[0]!.state, changes.at(-1)!.state];
  const measure = yardstick(changes.map(({ state }) => state));
  const ends = [first, last].map(measure);
  // An update that is under way at an end is what that end will be.
  const reached = new Set(
    [first, last, settled(first), settled(last)].flatMap((state) => [...measure(state).reached]),
  );
  const excused = EXCEPTIONS.filter(({ holds }) => holds(first, last)).map(({ held }) => held);
  return changes.slice(1, -1).flatMap(({ after, state }) => {
    const between = measure(state);
    const beyond = [...between.reached].filter((word) => !reached.has(word));
    const freer = ends.map(({ held }) =>
      [...between.held].filter(([name, free]) => !excused.includes(name) && free > held.get(name)!),
    );
    const looser = freer.some((found) => found.length === 0) ? [] : freer;
    return [
      ...beyond.map((word) => `after ${after} it reaches what neither end does: ${word}`),
      ...(looser.length === 0
        ? []
        : [
            `after ${after} it is freer than at both ends: ${looser
              .map((found) => found.map(([name]) => name).join(', '))
              .join('; ')}`,
          ]),
    ];
  });
}

function settled(state: State): State {
  const pending = at(state, 'pending_config');
  return state === undefined || pending === undefined || pending === null
    ? state
    : { ...state, config: pending };
}
