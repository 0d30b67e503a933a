/**
 * A BERT encoder (safetensors, as PyTorch names its weights) as an ONNX graph: token ids, attention mask and token
 * types in, the last hidden state out. Every vendor tool for this needs a gigabyte of Python; the graph is 60 lines.
 */
import { createGraph, dataType, type GraphBuilder, type ValueName } from './onnx.ts';
import type { Tensor } from './safetensors.ts';

/** The fields of the model's `config.json` that shape the graph. */
export interface BertConfig {
  hidden_size: number;
  num_attention_heads: number;
  num_hidden_layers: number;
  layer_norm_eps: number;
}

const operatorSet = 20;
/** Added to the score of a masked position: as good as minus infinity, and no NaN when all are masked. */
const maskedScore = -10_000;

/** PyTorch stores a linear layer as (out, in); MatMul wants (in, out). */
function transpose({ shape, values }: Tensor): Tensor {
  const [rows = 0, columns = 0] = shape;
  const transposed = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      transposed[column * rows + row] = values[row * columns + column] ?? 0;
    }
  }
  return { shape: [columns, rows], values: transposed };
}

/** The operations a BERT layer is made of, over one graph and one set of weights. */
function createLayers(graph: GraphBuilder, config: BertConfig, weights: ReadonlyMap<string, Tensor>) {
  const headSize = config.hidden_size / config.num_attention_heads;

  function weight(name: string): Tensor {
    const tensor = weights.get(name) ?? weights.get(`bert.${name}`);
    if (!tensor) throw new Error(`The model has no weight ${name}: it is not a BERT encoder`);
    return tensor;
  }
  const constant = (name: string, { shape, values }: Tensor) => graph.constant(name, shape, values);

  const layers = {
    table: (name: string) => constant(`embeddings.${name}`, weight(`embeddings.${name}_embeddings.weight`)),

    linear(input: ValueName, name: string, source: string): ValueName {
      const product = graph.apply('MatMul', [input, constant(`${name}.weight`, transpose(weight(`${source}.weight`)))]);
      return graph.apply('Add', [product, constant(`${name}.bias`, weight(`${source}.bias`))]);
    },

    normalize(input: ValueName, name: string): ValueName {
      const scale = constant(`${name}.weight`, weight(`${name}.weight`));
      const bias = constant(`${name}.bias`, weight(`${name}.bias`));
      return graph.apply('LayerNormalization', [input, scale, bias], {
        axis: { int: -1 },
        epsilon: { float: config.layer_norm_eps },
      });
    },

    /** (batch, sequence, hidden) to one matrix per head. */
    splitHeads(input: ValueName, permutation: readonly number[]): ValueName {
      const shape = graph.integers(0, 0, config.num_attention_heads, headSize);
      return graph.apply('Transpose', [graph.apply('Reshape', [input, shape])], { perm: { ints: permutation } });
    },

    attend(input: ValueName, mask: ValueName, prefix: string): ValueName {
      const project = (name: string) => layers.linear(input, `${prefix}${name}`, `${prefix}attention.self.${name}`);
      const [query, key, value] = [project('query'), project('key'), project('value')];
      const scores = graph.apply('MatMul', [
        layers.splitHeads(query, [0, 2, 1, 3]),
        layers.splitHeads(key, [0, 2, 3, 1]),
      ]);
      const scaled = graph.apply('Div', [scores, graph.constant('scale', [1], Float32Array.of(Math.sqrt(headSize)))]);
      const masked = graph.apply('Add', [scaled, mask]);
      const shares = graph.apply('Softmax', [masked], { axis: { int: -1 } });
      const context = graph.apply('MatMul', [shares, layers.splitHeads(value, [0, 2, 1, 3])]);
      const merged = graph.apply('Transpose', [context], { perm: { ints: [0, 2, 1, 3] } });
      return graph.apply('Reshape', [merged, graph.integers(0, 0, config.hidden_size)]);
    },

    encode(input: ValueName, mask: ValueName, index: number): ValueName {
      const prefix = `encoder.layer.${index}.`;
      const dense = (value: ValueName, name: string) => layers.linear(value, prefix + name, prefix + name);
      const attended = dense(layers.attend(input, mask, prefix), 'attention.output.dense');
      const state = layers.normalize(graph.apply('Add', [attended, input]), `${prefix}attention.output.LayerNorm`);
      const widened = graph.apply('Gelu', [dense(state, 'intermediate.dense')]);
      return layers.normalize(graph.apply('Add', [dense(widened, 'output.dense'), state]), `${prefix}output.LayerNorm`);
    },
  };
  return layers;
}

export function convertBertToOnnx(config: BertConfig, weights: ReadonlyMap<string, Tensor>): Uint8Array {
  const graph = createGraph('bert');
  const layers = createLayers(graph, config, weights);
  // The first rows of the table by Slice: a Gather over a range would be rewritten by the runtime's optimizer into an
  // invalid Slice.
  const position = graph.apply('Slice', [
    layers.table('position'),
    graph.integers(0),
    graph.apply('Shape', ['input_ids'], { start: { int: 1 }, end: { int: 2 } }),
    graph.integers(0),
  ]);
  const word = graph.apply('Gather', [layers.table('word'), 'input_ids']);
  const tokenType = graph.apply('Gather', [layers.table('token_type'), 'token_type_ids']);
  const embedded = graph.apply('Add', [graph.apply('Add', [word, tokenType]), position]);
  let state = layers.normalize(embedded, 'embeddings.LayerNorm');
  const widened = graph.apply('Unsqueeze', ['attention_mask', graph.integers(1, 2)]);
  const attention = graph.apply('Cast', [widened], { to: { int: dataType.float } });
  const absent = graph.apply('Sub', [graph.constant('f1', [1], Float32Array.of(1)), attention]);
  const mask = graph.apply('Mul', [absent, graph.constant('fmin', [1], Float32Array.of(maskedScore))]);
  for (let index = 0; index < config.num_hidden_layers; index++) state = layers.encode(state, mask, index);
  graph.apply('Identity', [state], {}, 'last_hidden_state');
  const tokens = (name: string) => ({ name, type: dataType.int64, shape: ['batch', 'seq'] });
  return graph.encode({
    inputs: ['input_ids', 'attention_mask', 'token_type_ids'].map(tokens),
    outputs: [{ name: 'last_hidden_state', type: dataType.float, shape: ['batch', 'seq', config.hidden_size] }],
    operatorSet,
  });
}
