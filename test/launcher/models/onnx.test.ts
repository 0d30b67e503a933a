import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createGraph, dataType } from '../../../engines/models/onnx.ts';

describe('an ONNX model written here', () => {
  it('is one that the runtime loads and computes with', async () => {
    const graph = createGraph('affine');
    const product = graph.apply('MatMul', ['x', graph.constant('weight', [2, 2], Float32Array.of(1, 2, 3, 4))]);
    graph.apply('Add', [product, graph.constant('bias', [2], Float32Array.of(10, 20))], {}, 'y');
    const bytes = graph.encode({
      inputs: [{ name: 'x', type: dataType.float, shape: ['rows', 2] }],
      outputs: [{ name: 'y', type: dataType.float, shape: ['rows', 2] }],
      operatorSet: 20,
    });
    const session = await InferenceSession.create(bytes);
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 1, 2, 0), [2, 2]) });
    assert.deepEqual(y?.dims, [2, 2]);
    assert.deepEqual(Array.from(y?.data as Float32Array), [14, 26, 12, 24]);
  });

  it('keeps attributes of every kind: numbers, fractions and lists', async () => {
    const graph = createGraph('attributes');
    const turned = graph.apply('Transpose', ['x'], { perm: { ints: [1, 0] } });
    const scale = graph.constant('scale', [2], Float32Array.of(1, 1));
    graph.apply('LayerNormalization', [turned, scale], { axis: { int: -1 }, epsilon: { float: 3 } }, 'y');
    const bytes = graph.encode({
      inputs: [{ name: 'x', type: dataType.float, shape: [2, 1] }],
      outputs: [{ name: 'y', type: dataType.float, shape: [1, 2] }],
      operatorSet: 20,
    });
    const session = await InferenceSession.create(bytes);
    const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(-1, 1), [2, 1]) });
    // Variance 1 and epsilon 3: each value is divided by 2.
    assert.deepEqual(Array.from(y?.data as Float32Array), [-0.5, 0.5]);
  });

  it('holds a constant once, however often it is asked for', () => {
    const build = (times: number) => {
      const graph = createGraph('constants');
      for (let time = 0; time < times; time += 1) graph.integers(1, 2, 3);
      return graph.encode({ inputs: [], outputs: [], operatorSet: 20 });
    };
    assert.deepEqual(build(5), build(1));
  });
});
