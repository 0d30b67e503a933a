/** Writes ONNX models: the few messages of onnx.proto that a graph needs, and a builder that names what it is given. */
import protobuf from 'protobufjs';

/** TensorProto.DataType. */
export const dataType = { float: 1, int64: 7 } as const;

/** AttributeProto.AttributeType. */
const attributeType = { float: 1, int: 2, ints: 7 } as const;

/** A dimension is a size, or the name of one that is known at run time. */
interface ValueInfo {
  name: string;
  type: number;
  shape: readonly (string | number)[];
}

type Attribute = { float: number } | { int: number } | { ints: readonly number[] };

/** Where a value comes from: the name of an input, of a constant or of another operation's output. */
export type ValueName = string;

const repeated = (id: number, type: string) => ({ id, type, rule: 'repeated' });
const single = (id: number, type: string) => ({ id, type });

/** onnx.proto is in the second edition: an empty text is written, lists are not packed. */
const message = (fields: Record<string, protobuf.IField>) => ({ edition: 'proto2', fields });

/** Numbers and types as in onnx.proto. */
const schema = protobuf.Root.fromJSON({
  nested: {
    Model: message({
      irVersion: single(1, 'int64'),
      graph: single(7, 'Graph'),
      opsetImport: repeated(8, 'OperatorSet'),
    }),
    OperatorSet: message({ domain: single(1, 'string'), version: single(2, 'int64') }),
    Graph: message({
      node: repeated(1, 'Node'),
      name: single(2, 'string'),
      initializer: repeated(5, 'Tensor'),
      input: repeated(11, 'ValueInfo'),
      output: repeated(12, 'ValueInfo'),
    }),
    Node: message({
      input: repeated(1, 'string'),
      output: repeated(2, 'string'),
      name: single(3, 'string'),
      opType: single(4, 'string'),
      attribute: repeated(5, 'Attribute'),
    }),
    Attribute: message({
      name: single(1, 'string'),
      f: single(2, 'float'),
      i: single(3, 'int64'),
      ints: repeated(8, 'int64'),
      type: single(20, 'int32'),
    }),
    Tensor: message({
      dims: repeated(1, 'int64'),
      dataType: single(2, 'int32'),
      name: single(8, 'string'),
      rawData: single(9, 'bytes'),
    }),
    ValueInfo: message({ name: single(1, 'string'), type: single(2, 'Type') }),
    Type: message({ tensorType: single(1, 'TensorType') }),
    TensorType: message({ elemType: single(1, 'int32'), shape: single(2, 'Shape') }),
    Shape: message({ dim: repeated(1, 'Dimension') }),
    Dimension: message({ dimValue: single(1, 'int64'), dimParam: single(2, 'string') }),
  },
});

function encodeAttribute(name: string, attribute: Attribute) {
  if ('float' in attribute) return { name, f: attribute.float, type: attributeType.float };
  if ('int' in attribute) return { name, i: attribute.int, type: attributeType.int };
  return { name, ints: attribute.ints, type: attributeType.ints };
}

function encodeValueInfo({ name, type, shape }: ValueInfo) {
  const dim = shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: type, shape: { dim } } } };
}

function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export interface GraphBuilder {
  /** A constant under `name`; the same name again is the same constant. */
  constant(name: string, shape: readonly number[], values: Float32Array | BigInt64Array): ValueName;
  /** An int64 vector. */
  integers(...values: number[]): ValueName;
  /** One operation of the default operator set; returns its output, named after it unless `output` says otherwise. */
  apply(kind: string, inputs: readonly ValueName[], attributes?: Record<string, Attribute>, output?: string): ValueName;
  /** The model, ready for a file. */
  encode(interface_: { inputs: readonly ValueInfo[]; outputs: readonly ValueInfo[]; operatorSet: number }): Uint8Array;
}

const formatVersion = 9;

export function createGraph(name: string): GraphBuilder {
  const nodes: object[] = [];
  const constants = new Map<string, object>();
  const builder: GraphBuilder = {
    constant(constantName, shape, values) {
      const type = values instanceof Float32Array ? dataType.float : dataType.int64;
      if (!constants.has(constantName)) {
        constants.set(constantName, { dims: shape, dataType: type, name: constantName, rawData: bytesOf(values) });
      }
      return constantName;
    },
    integers(...values) {
      return builder.constant(`i${values.join('_')}`, [values.length], BigInt64Array.from(values, BigInt));
    },
    apply(kind, inputs, attributes = {}, output = `${kind}_${nodes.length}`) {
      const attribute = Object.entries(attributes)
        .sort()
        .map(([key, value]) => encodeAttribute(key, value));
      nodes.push({ input: inputs, output: [output], name: output, opType: kind, attribute });
      return output;
    },
    encode({ inputs, outputs, operatorSet }) {
      const graph = {
        node: nodes,
        name,
        initializer: [...constants.values()],
        input: inputs.map(encodeValueInfo),
        output: outputs.map(encodeValueInfo),
      };
      const model = { irVersion: formatVersion, graph, opsetImport: [{ domain: '', version: operatorSet }] };
      return schema.lookupType('Model').encode(model).finish();
    },
  };
  return builder;
}
