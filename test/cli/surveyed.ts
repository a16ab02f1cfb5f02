// A survey of a workspace that is written down, without a connection: what each endpoint answers, read as a survey reads it.
import { isObject, type Json, type JsonObject } from '../../src/model/json';
import { withExtras } from '../../src/reconcile/refresh';
import type { Survey } from '../../src/reconcile/survey';
import { Simulator, type WorkspaceState } from '../../src/simulator';
import { wireOf } from '../../src/wire';

const wire = wireOf('serving_endpoints');

/** Reads states one after another; close it when done. */
export class Surveyor {
  private constructor(readonly simulator: Simulator) {}

  static async open(): Promise<Surveyor> {
    return new Surveyor(await Simulator.start({ clock: 'manual' }));
  }

  close(): Promise<void> {
    return this.simulator.close();
  }

  survey(state: WorkspaceState): Survey {
    this.simulator.seed(state);
    const bodies = (this.simulator.snapshot().serving_endpoints ?? []) as unknown as JsonObject[];
    const found = bodies.map(({ permissions, _simulator, ...raw }) => {
      const live = wire.fromWire(raw, true);
      const list = { access_control_list: answered(permissions) };
      const extras = Object.fromEntries(wire.extras.map(({ field, fromWire }) => [field, fromWire([list])]));
      return {
        live: live.id === undefined ? live : withExtras(live, extras),
        unread: new Map<string, string>(),
      };
    });
    return { listed: found.map(({ live }) => live), found, unreadable: [], absent: [] };
  }
}

function answered(grants: Json | undefined): Json {
  return (Array.isArray(grants) ? grants : []).filter(isObject).map((grant) => {
    const { permission_level, all_permissions, ...who } = grant;
    return {
      ...who,
      all_permissions: all_permissions ?? [{ permission_level: permission_level ?? null, inherited: false }],
    };
  });
}
