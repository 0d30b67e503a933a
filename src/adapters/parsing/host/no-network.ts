/**
 * Preloaded into the parser child and its worker threads: every way to reach a network throws. A second wall behind
 * the network namespace, and the only one where the platform has none.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

function refuse(): never {
  throw new Error('A document parser has no network.');
}

function close(target: object, names: readonly string[]): void {
  for (const name of names) Object.defineProperty(target, name, { value: refuse });
}

const functionsOf = (module: object) =>
  Object.entries(module).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));

// http, https, http2, tls and fetch all end in Socket.connect; the resolver does not.
close(net.Socket.prototype, ['connect']);
close(net.Server.prototype, ['listen']);
close(dgram.Socket.prototype, ['bind', 'connect', 'send']);
close(dns, functionsOf(dns));
close(dns.promises, functionsOf(dns.promises));
// Modules that import one of them by its name have to see the change as well.
syncBuiltinESMExports();
