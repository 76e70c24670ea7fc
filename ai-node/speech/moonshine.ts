import * as z from "zod";
import { SAMPLE_RATE } from "../audio/sample-buffer.ts";
import { InferenceSession, Tensor } from "./onnx-runtime.ts";
import { sessionOptions } from "./session-options.ts";

/** What the recogniser made of one stretch of sound. */
export interface Recognition {
  readonly text: string;
  readonly tokens: number;
  /** Mean log-probability per token, natural logarithm. Nearer to 0 is surer. */
  readonly logProbability: number;
  /** The token cap ended it: the model was running away or the speech is cut short. */
  readonly capped: boolean;
}

export interface Recogniser {
  /** @param audio samples at 16 kHz, at most about 20 seconds */
  recognise(audio: Float32Array): Promise<Recognition>;
}

const START = 1;
const END = 2;
const MAX_NEW_TOKENS = 192;
/** Nobody says more than this; a model that does is making things up. */
const TOKENS_PER_SECOND = 6.5;

const configSchema = z.looseObject({
  hidden_size: z.number(),
  decoder_num_hidden_layers: z.number(),
  decoder_num_key_value_heads: z.number(),
  decoder_num_attention_heads: z.number(),
});
const tokenizerSchema = z.looseObject({
  model: z.looseObject({ vocab: z.record(z.string(), z.number()) }),
});

const json = (bytes: Uint8Array | undefined): unknown => JSON.parse(new TextDecoder().decode(bytes));

/** Token ids to text: `▁` is a space, `<0xNN>` a byte of UTF-8. */
function createDetokenizer(vocab: Record<string, number>): (ids: readonly number[]) => string {
  const bytesOf: Uint8Array[] = [];
  const encoder = new TextEncoder();
  for (const [token, id] of Object.entries(vocab)) {
    const byte = /^<0x([0-9A-F]{2})>$/.exec(token);
    bytesOf[id] = byte
      ? Uint8Array.of(Number.parseInt(byte[1]!, 16))
      : encoder.encode(token.replaceAll("▁", " "));
  }
  return (ids) => {
    const bytes = ids.flatMap((id) => (id <= END ? [] : [...(bytesOf[id] ?? [])]));
    return new TextDecoder().decode(Uint8Array.from(bytes)).trim();
  };
}

/** The likeliest token and the natural logarithm of its probability. */
function likeliest(logits: Float32Array): { token: number; logProbability: number } {
  let token = 0;
  for (let i = 1; i < logits.length; i++) if (logits[i]! > logits[token]!) token = i;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp(logits[i]! - logits[token]!);
  return { token, logProbability: -Math.log(sum) };
}

type Tensors = Record<string, Tensor>;

/** Keys and values of the attention layers. The encoder's are made in the first step and stay. */
function emptyPast({ layers, heads, width }: { layers: number; heads: number; width: number }): Tensors {
  const past: Tensors = {};
  for (let layer = 0; layer < layers; layer++) {
    for (const side of ["decoder", "encoder"]) {
      for (const kind of ["key", "value"]) {
        past[`past_key_values.${layer}.${side}.${kind}`] = new Tensor("float32", new Float32Array(0), [
          1,
          heads,
          0,
          width,
        ]);
      }
    }
  }
  return past;
}

function carryOver(past: Tensors, result: Tensors, firstStep: boolean): void {
  for (const name of Object.keys(past)) {
    const present = result[name.replace("past_key_values", "present")];
    if (present && (firstStep || name.includes(".decoder."))) past[name] = present;
  }
}

/**
 * Moonshine by a direct loop over its two graphs: greedy, with log-probabilities and a cap on the number of tokens.
 * @param files the checked files of one Moonshine model by path
 * @param device execution provider of onnxruntime
 * @throws when the device cannot run it
 */
export async function loadMoonshine(
  files: ReadonlyMap<string, Uint8Array>,
  device = "cpu",
): Promise<Recogniser> {
  const config = configSchema.parse(json(files.get("config.json")));
  const toText = createDetokenizer(tokenizerSchema.parse(json(files.get("tokenizer.json"))).model.vocab);
  const open = (name: string) =>
    InferenceSession.create(
      files.get(`onnx/${name}_quantized.onnx`) ?? new Uint8Array(),
      sessionOptions(device),
    );
  const encoder = await open("encoder_model");
  const decoder = await open("decoder_model_merged");
  // Fetching the encoder's keys and values again in each step would copy megabytes that never change.
  const laterOutputs = decoder.outputNames.filter((name) => !name.includes(".encoder."));
  const shape = {
    layers: config.decoder_num_hidden_layers,
    heads: config.decoder_num_key_value_heads,
    width: config.hidden_size / config.decoder_num_attention_heads,
  };

  return {
    async recognise(audio) {
      const seconds = audio.length / SAMPLE_RATE;
      const cap = Math.min(MAX_NEW_TOKENS, Math.max(4, Math.ceil(seconds * TOKENS_PER_SECOND)));
      const { last_hidden_state } = await encoder.run({
        input_values: new Tensor("float32", audio, [1, audio.length]),
      });
      const past = emptyPast(shape);
      const ids: number[] = [];
      let last = START;
      let total = 0;
      let capped = true;
      for (let step = 0; step < cap; step++) {
        const feeds = {
          input_ids: new Tensor("int64", BigInt64Array.from([BigInt(last)]), [1, 1]),
          encoder_hidden_states: last_hidden_state!,
          use_cache_branch: new Tensor("bool", [step > 0], [1]),
          ...past,
        };
        const result = step === 0 ? await decoder.run(feeds) : await decoder.run(feeds, laterOutputs);
        const best = likeliest(result.logits!.data as Float32Array);
        total += best.logProbability;
        carryOver(past, result, step === 0);
        last = best.token;
        if (last === END) {
          capped = false;
          break;
        }
        ids.push(last);
      }
      return { text: toText(ids), tokens: ids.length, logProbability: total / (ids.length + 1), capped };
    },
  };
}
