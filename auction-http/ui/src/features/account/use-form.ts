/** A form whose fields the browser keeps. */
import { type FormEvent, type RefObject, useEffect, useRef, useState } from "react";
import type { ApiProblem, FieldErrors } from "../../api/problem";
import { useSubmit } from "../../design/form";
import { useTexts } from "../../i18n";
import { sentenceOf } from "../../i18n/problems";

export type Values<Name extends string> = Record<Name, string>;

type Options<Name extends string, Out> = {
  /** What may not be blank. The server would say so too; this spares the way. */
  required?: readonly Name[];
  /** Refusals that are about one field, by their code. */
  codes?: Partial<Record<string, Name>>;
  call: (values: Values<Name>) => Promise<Out>;
  done?: (out: Out, values: Values<Name>) => void;
};

export type Form<Name extends string> = {
  props: { ref: RefObject<HTMLFormElement | null>; onSubmit: (event: FormEvent) => void; noValidate: true };
  busy: boolean;
  errors: Partial<Record<Name, string[]>>;
  /** A sentence about the whole; `null` where the fields say it all. */
  failure: string | null;
  problem: ApiProblem | null;
};

/**
 * Hands in what stands in the fields of these names. After a refusal the focus is in the first field that is wrong, or
 * on the sentence about the whole.
 */
export function useForm<Name extends string, Out>(names: readonly Name[], options: Options<Name, Out>): Form<Name> {
  const t = useTexts();
  const ref = useRef<HTMLFormElement>(null);
  const [missing, setMissing] = useState<FieldErrors>({});
  const { submit, busy, fields, failure, problem, reset } = useSubmit(options.call, options.done);

  useEffect(() => {
    if (problem || Object.keys(missing).length > 0) focusWrong(ref.current);
  }, [problem, missing]);

  const named = problem && options.codes?.[problem.code];
  const errors: FieldErrors = { ...fields, ...missing };
  if (named && problem) errors[named] = [sentenceOf(problem, t)];
  const elsewhere = Object.entries(errors).filter(([name]) => !names.some((known) => known === name));
  return {
    props: {
      ref,
      noValidate: true,
      onSubmit: (event) => {
        event.preventDefault();
        if (busy || !ref.current) return;
        const values = valuesOf(ref.current, names);
        const blank = (options.required ?? []).filter((name) => values[name] === "");
        reset();
        setMissing(Object.fromEntries(blank.map((name) => [name, [t.problems.fields.required]])));
        if (blank.length === 0) submit(values);
      },
    },
    busy,
    errors: errors as Partial<Record<Name, string[]>>,
    failure: named ? null : (failure ?? (elsewhere.flatMap(([, sentences]) => sentences).join(" ") || null)),
    problem,
  };
}

function valuesOf<Name extends string>(form: HTMLFormElement, names: readonly Name[]): Values<Name> {
  const data = new FormData(form);
  const text = (name: string) => {
    const value = data.get(name);
    return typeof value === "string" ? value : "";
  };
  return Object.fromEntries(names.map((name) => [name, text(name)])) as Values<Name>;
}

function focusWrong(form: HTMLFormElement | null) {
  const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
  const wrong = field ?? form?.querySelector<HTMLElement>("[data-failure]");
  wrong?.focus();
  // What is wrong can be typed over at once.
  if (wrong instanceof HTMLInputElement) wrong.select();
}
