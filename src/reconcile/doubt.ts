// After a failure: what may be said of it. An answer that was lost may hide a write that happened, so one look decides.
import { AmbiguousError, ApiError, TransportError } from '../databricks/errors';
import { canonicalJson } from '../model/json';
import { pathText } from '../model/path';
import type { Change } from '../plan/types';
import type { Outcome } from './events';
import type { Measure } from './measure';
import { type Progress, Stop, said } from './pause';
import type { Reader } from './sending';
import type { Around } from './settle';

export class Doubt {
  constructor(
    readonly change: Change,
    readonly around: Pick<Around, 'cut'>,
    readonly reader: Reader,
    readonly measure: Measure,
    readonly progress: Progress,
  ) {}

  async explain(error: unknown): Promise<Stop> {
    if (error instanceof Stop) return error;
    const help =
      error instanceof ApiError || error instanceof TransportError || error instanceof AmbiguousError
        ? error.help
        : undefined;
    const begun: Outcome = this.progress.written > 0 ? 'partial' : 'failed';
    if (this.around.cut.aborted && !(error instanceof ApiError)) {
      // Only what may have been sent is doubtful; a request that was cut while it waited was not.
      const doubtful = error instanceof AmbiguousError;
      return doubtful
        ? new Stop(
            'unknown',
            'the run was cut while a write was in flight',
            'Plan again to see whether it arrived.',
          )
        : new Stop(begun, 'the run was cut before the next request', 'Run it again: it goes on from here.');
    }
    if (!this.progress.sending || (error instanceof ApiError && error.status < 500))
      return new Stop(begun, said(error), help);
    const cause = said(error instanceof AmbiguousError ? error.cause : error);
    if (this.change.differences.some(({ again }) => again === true))
      return new Stop(
        'unknown',
        `${cause}; whether the credential arrived cannot be read back`,
        'Ask for it again: sending the same one twice does no harm.',
      );
    switch (await this.#lookAfterwards()) {
      case 'done':
        return new Stop('applied', '');
      case 'untouched':
        return new Stop(begun, `${cause}; reading it back shows that nothing came of it`, 'Run it again.');
      case 'moved':
        return new Stop('partial', `${cause}; reading it back shows that something came of it`, help);
      case 'unknown':
        return new Stop('unknown', `${said(error)}; and reading it back failed too`, help);
    }
  }

  async #lookAfterwards(): Promise<'done' | 'moved' | 'untouched' | 'unknown'> {
    try {
      const live = await this.reader.find();
      if (live === undefined)
        return this.change.action === 'delete'
          ? 'done'
          : this.change.action === 'create'
            ? 'untouched'
            : 'moved';
      if (this.change.action !== 'delete' && (await this.measure.asDesired(live))) return 'done';
      const open = await this.measure.differences(live);
      const planned = this.change.differences;
      const untouched =
        open.length === planned.length &&
        open.every(({ path, live: found }) =>
          planned.some(
            (one) => one.path === pathText(path) && canonicalJson(one.live) === canonicalJson(found),
          ),
        );
      return untouched && this.change.action !== 'create' ? 'untouched' : 'moved';
    } catch {
      return 'unknown';
    }
  }
}
