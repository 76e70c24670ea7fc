import llama from "llama-tokenizer-js";

/**
 * The small text files that turn Moonshine's two weight files into a folder in the layout that transformers.js (and
 * this project's own loop) reads. They are built, not shipped: Moonshine's vocabulary is that of Llama 2, which the
 * npm package `llama-tokenizer-js` carries. The output is the same byte for byte every time, so the manifest can
 * state its hash.
 */
export type MoonshineSize = "tiny" | "base";

const shapes = {
  tiny: { hidden_size: 288, intermediate_size: 1152, layers: 6, partial_rotary_factor: 0.9 },
  base: { hidden_size: 416, intermediate_size: 1664, layers: 8, partial_rotary_factor: 0.62 },
};
/** Longest transcript of one segment, in tokens. */
const MAX_TOKENS = 194;
const EXTRA_TOKENS = 768;

const special = (id: number, content: string) => ({
  id,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
});

const beginsWithS = (id: string, type_id: number) => [
  { SpecialToken: { id: "<s>", type_id } },
  { Sequence: { id, type_id } },
];

/** The Llama 2 vocabulary as a Hugging Face `tokenizer.json` with Moonshine's 768 further tokens. */
export function moonshineTokenizer() {
  const vocab = Object.fromEntries(llama.vocabById.map((token: string, id: number) => [token, id]));
  const ranked = [...llama.merges.entries()].sort((a, b) => a[1] - b[1]);
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [
      special(0, "<unk>"),
      special(1, "<s>"),
      special(2, "</s>"),
      ...Array.from({ length: EXTRA_TOKENS }, (_, i) => special(32_000 + i, `<<ST_${i}>>`)),
    ],
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Prepend", prepend: "▁" },
        { type: "Replace", pattern: { String: " " }, content: "▁" },
      ],
    },
    pre_tokenizer: null,
    post_processor: {
      type: "TemplateProcessing",
      single: beginsWithS("A", 0),
      pair: [...beginsWithS("A", 0), ...beginsWithS("B", 1)],
      special_tokens: { "<s>": { id: "<s>", ids: [1], tokens: ["<s>"] } },
    },
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        { type: "Strip", content: " ", start: 1, stop: 0 },
      ],
    },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: "<unk>",
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: true,
      byte_fallback: true,
      ignore_merges: false,
      vocab,
      merges: ranked.map(([pair]) => pair),
    },
  };
}

function moonshineConfig(size: MoonshineSize) {
  const { layers, ...shape } = shapes[size];
  return {
    architectures: ["MoonshineForConditionalGeneration"],
    model_type: "moonshine",
    is_encoder_decoder: true,
    vocab_size: 32_768,
    ...shape,
    encoder_num_hidden_layers: layers,
    decoder_num_hidden_layers: layers,
    encoder_num_attention_heads: 8,
    decoder_num_attention_heads: 8,
    encoder_num_key_value_heads: 8,
    decoder_num_key_value_heads: 8,
    max_position_embeddings: MAX_TOKENS,
    bos_token_id: 1,
    eos_token_id: 2,
    decoder_start_token_id: 1,
    pad_token_id: 2,
  };
}

/** Every built file of a Moonshine folder: path → UTF-8 text. */
export function moonshineFiles(size: MoonshineSize): Record<string, string> {
  return {
    "config.json": JSON.stringify(moonshineConfig(size)),
    "generation_config.json": JSON.stringify({
      bos_token_id: 1,
      eos_token_id: 2,
      decoder_start_token_id: 1,
      pad_token_id: 2,
      max_length: MAX_TOKENS,
    }),
    "preprocessor_config.json": JSON.stringify({
      feature_extractor_type: "MoonshineFeatureExtractor",
      processor_class: "MoonshineProcessor",
      feature_size: 1,
      sampling_rate: 16_000,
      padding_value: 0,
      do_normalize: false,
      return_attention_mask: false,
    }),
    "tokenizer_config.json": JSON.stringify({
      tokenizer_class: "PreTrainedTokenizerFast",
      bos_token: "<s>",
      eos_token: "</s>",
      unk_token: "<unk>",
      pad_token: "</s>",
      clean_up_tokenization_spaces: false,
      model_max_length: MAX_TOKENS,
    }),
    "tokenizer.json": JSON.stringify(moonshineTokenizer()),
  };
}
