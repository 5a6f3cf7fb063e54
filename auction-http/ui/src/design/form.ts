/** A form that is handed in by a call. */
import { useMutation } from "@tanstack/react-query";
import { type FieldErrors, isProblem } from "../api/problem";
import { useTexts } from "../i18n";
import { fieldSentences, sentenceOf } from "../i18n/problems";

/** Hands in `call`; says what is wrong with each field, and what is wrong with the whole. */
export function useSubmit<In, Out>(call: (input: In) => Promise<Out>, done?: (out: Out, input: In) => void) {
  const t = useTexts();
  const mutation = useMutation({ mutationFn: call, ...(done && { onSuccess: done }) });
  const problem = mutation.error;
  const fields: FieldErrors = isProblem(problem) ? fieldSentences(problem.fields, t) : {};
  const hasFields = Object.keys(fields).length > 0;
  return {
    submit: mutation.mutate,
    busy: mutation.isPending,
    fields,
    /** A sentence about the whole; `null` where the fields say it all. */
    failure: problem && !hasFields ? sentenceOf(problem, t) : null,
    problem: isProblem(problem) ? problem : null,
    reset: mutation.reset,
  };
}
