/** What another process costs, as Linux tells it; 0 for everything where there is no `/proc`, or no such process. */
import { readFile } from 'node:fs/promises';

/** Linux reports in hundredths of a second to programs, whatever its own clock. */
const msPerTick = 10;

/** Bytes in memory now. */
export async function residentBytesOf(processId: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'ascii').catch(() => '');
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

/** Processor time so far, of all its threads, in its own code and in the kernel's. */
export async function cpuMsOf(processId: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${processId}/stat`, 'ascii').catch(() => '');
  // The program's name, in brackets, may hold spaces and brackets; times are the 12th and 13th word after it.
  const words = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(words[11] ?? 0) + Number(words[12] ?? 0)) * msPerTick;
}
