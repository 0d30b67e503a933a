import type { FromEncoder, ToEncoder } from './messages.ts';
import type { SentenceEncoder } from './sentence-encoder.ts';

interface Task {
  id: number;
  texts: readonly string[];
  /** Places in `texts`, by length: neighbours share a batch, and a batch is as wide as its longest text. */
  order: readonly number[];
  done: number;
  values: Float32Array;
  tokens: number;
}

/**
 * Takes calls in turns of one batch, so that a call of one text does not wait for the 2,048 of another. The model
 * itself runs one batch at a time: it already uses every thread it was given.
 */
export function createWorkQueue(encoder: SentenceEncoder, batchSize: number, reply: (message: FromEncoder) => void) {
  const tasks = new Map<number, Task>();
  let working = false;

  async function advance(task: Task): Promise<void> {
    const places = task.order.slice(task.done, task.done + batchSize);
    const batch = await encoder.encode(places.map((place) => task.texts[place] ?? ''));
    const width = batch.vectors[0]?.length ?? 0;
    if (task.values.length === 0) task.values = new Float32Array(task.texts.length * width);
    for (const [index, vector] of batch.vectors.entries()) task.values.set(vector, (places[index] ?? 0) * width);
    task.tokens += batch.tokens;
    task.done += places.length;
  }

  /** Puts the task behind the others, ends it, or drops it when it was cancelled meanwhile. */
  async function takeTurn(task: Task): Promise<void> {
    try {
      await advance(task);
    } catch (error) {
      tasks.delete(task.id);
      reply({ type: 'failed', id: task.id, reason: String(error) });
      return;
    }
    if (!tasks.delete(task.id)) return;
    if (task.done < task.texts.length) tasks.set(task.id, task);
    else reply({ type: 'encoded', id: task.id, values: task.values, tokens: task.tokens });
  }

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    for (let [task] = tasks.values(); task; [task] = tasks.values()) await takeTurn(task);
    working = false;
  }

  return async function receive(message: ToEncoder): Promise<void> {
    if (message.type === 'cancel') {
      tasks.delete(message.id);
      return;
    }
    const { id, texts } = message;
    const order = [...texts.keys()].sort((a, b) => (texts[a] ?? '').length - (texts[b] ?? '').length);
    tasks.set(id, { id, texts, order, done: 0, values: new Float32Array(0), tokens: 0 });
    await work();
  };
}
