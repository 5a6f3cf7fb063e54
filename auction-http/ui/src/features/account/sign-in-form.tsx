/** Signs somebody in: with a password, and with a code where the account wants one. */
import { useState } from "react";
import { signIn } from "../../api/session";
import { CodeStep } from "./code-step";
import { PasswordStep } from "./password-step";

export default function SignInForm({
  email,
  password,
  done,
}: {
  email?: string | undefined;
  /** Of somebody whom a demonstration offers. */
  password?: string | undefined;
  done: () => void;
}) {
  const [who, setWho] = useState(email ?? "");
  const [tempToken, setTempToken] = useState<string | null>(null);
  const [back, setBack] = useState<"late" | "asked" | null>(null);
  const finish = (token: string) => {
    signIn(token);
    done();
  };
  if (tempToken !== null) {
    return (
      <CodeStep
        tempToken={tempToken}
        done={finish}
        back={(late) => {
          setBack(late ? "late" : "asked");
          setTempToken(null);
        }}
      />
    );
  }
  return (
    <PasswordStep
      who={who}
      password={password}
      back={back}
      done={finish}
      secondFactor={(token, typed) => {
        setWho(typed);
        setTempToken(token);
      }}
    />
  );
}
