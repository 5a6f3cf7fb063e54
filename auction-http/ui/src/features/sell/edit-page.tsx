/** Where a lot is described, and changed as long as it may be. */
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useLocation, useParams } from "react-router";
import { answered, api } from "../../api/client";
import { useMe } from "../../api/me";
import { isProblem } from "../../api/problem";
import { ButtonLink } from "../../design/button";
import { Notice } from "../../design/notice";
import { useTexts } from "../../i18n";
import { NotFound } from "../../shell/not-found";
import { Page } from "../../shell/page";
import { Failed, Waiting } from "../watch/loading";
import { Become, maySell } from "./become";
import { Editor } from "./editor";

export default function EditPage() {
  const t = useTexts();
  const me = useMe();
  // Who signs in again over a form that is half filled in is unknown for a moment: the form stays.
  const known = useRef(me);
  if (me !== undefined) known.current = me;
  const { id } = useParams();
  const { key } = useLocation();
  /** The draft that the form on the page has become: it gets an address without the form being drawn anew. */
  const [made, setMade] = useState<{ id: string; key: string } | null>(null);
  if (!known.current) {
    return (
      <Page title={t.sell.newTitle}>
        <Waiting rows={3} />
      </Page>
    );
  }
  if (!maySell(known.current)) {
    return (
      <Page title={t.sell.newTitle}>
        <Become />
      </Page>
    );
  }
  if (id === undefined || made?.id === id) {
    const own = id === undefined ? key : (made?.key ?? key);
    return <Editor key={own} start={null} created={(number) => setMade({ id: String(number), key: own })} />;
  }
  return /^[1-9]\d{0,15}$/.test(id) ? <Existing key={id} id={Number(id)} /> : <NotFound />;
}

function Existing({ id }: { id: number }) {
  const t = useTexts();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["lot-form", id],
    queryFn: () => answered(api.GET("/api/auctions/{id}/", { params: { path: { id } } })),
    // The form is filled once, by what is true then.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (isProblem(error) && error.status === 404) return <NotFound />;
  if (isPending || error) {
    return (
      <Page title={t.sell.editTitle}>
        {error ? <Failed error={error} retry={() => void refetch()} /> : <Waiting rows={3} />}
      </Page>
    );
  }
  if (data.status === "draft" || data.status === "scheduled") return <Editor start={data} created={() => undefined} />;
  return (
    <Page title={t.sell.editTitle} heading={t.sell.editOf(data.title)}>
      <Notice
        tone="brass"
        icon="gavel"
        actions={
          <>
            <ButtonLink to="/sell">{t.sell.toSelling}</ButtonLink>
            <ButtonLink to={`/auction/${id}`}>{t.sell.seeLot}</ButtonLink>
          </>
        }
      >
        <strong>{t.sell.fixed}</strong>
        <p>{t.sell.fixedMore}</p>
      </Notice>
    </Page>
  );
}
