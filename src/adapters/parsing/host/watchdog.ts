/**
 * A thread of the parser child that notices when the parent, whose id it is given, was killed without warning: the
 * main thread may be deep in a file and never come to hear that its channel is closed.
 */
import { workerData } from 'node:worker_threads';

setInterval(() => {
  if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL');
}, 250);
