// The root of a construct tree: collects what its constructs declare into one document, the same that a
// gatewright.yaml holds. Knows no file, no workspace, no Terraform.
import { RootConstruct } from 'constructs';
import type { JsonObject } from '../src/model/json';

export interface GatewayAppProps {
  /** Who owns what is managed fully: 1 to 63 letters, digits, ".", "_" and "-". */
  readonly project: string;
}

/** What a construct adds to the document. */
export interface Declares {
  /** The section of the document: `serving_endpoints`. */
  readonly section: string;
  readonly key: string;
  /** The entry, in the API's own field names. */
  entry(): JsonObject;
}

export class GatewayApp extends RootConstruct {
  readonly project: string;

  constructor(props: GatewayAppProps) {
    super();
    this.project = props.project;
  }

  /**
   * The document that the tree declares. JSON is YAML: written to `gatewright.yaml` it is the project.
   * @throws Error when two constructs declare one entry
   */
  toDocument(): JsonObject {
    const sections: Record<string, Record<string, JsonObject>> = {};
    for (const node of this.node.findAll()) {
      if (!declares(node)) continue;
      sections[node.section] ??= {};
      const section = sections[node.section]!;
      if (Object.hasOwn(section, node.key)) {
        throw new Error(
          `${node.section}.${node.key} is declared twice, the second time at ${node.node.path}`,
        );
      }
      section[node.key] = node.entry();
    }
    return { project: this.project, ...sections };
  }
}

function declares<T>(node: T): node is T & Declares {
  const candidate = node as Partial<Declares>;
  return typeof candidate.section === 'string' && typeof candidate.entry === 'function';
}
