// A bare HTTP server on loopback for tests of the client: each request is answered by the next step of a script, the
// last step repeats. Every request that arrives is kept.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface Arrived {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Step = (response: ServerResponse, request: Arrived, socket: Socket) => void;

export class Workspace {
  readonly arrived: Arrived[] = [];
  #script: Step[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  connections = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const arrived: Arrived = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        };
        this.arrived.push(arrived);
        const step = this.#script[Math.min(this.arrived.length, this.#script.length) - 1];
        if (step === undefined) throw new Error('no step in the script');
        step(response, arrived, request.socket);
      });
    });
    this.#server.on('connection', (socket) => {
      this.connections += 1;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.origin;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  script(...steps: Step[]): void {
    this.arrived.length = 0;
    this.#script = steps;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Step {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

export function text(status: number, body: string, headers: Record<string, string> = {}): Step {
  return (response) => {
    response.writeHead(status, headers);
    response.end(body);
  };
}

export const reset: Step = (_response, _request, socket) => {
  socket.resetAndDestroy();
};
