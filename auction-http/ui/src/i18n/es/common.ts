import type { Catalogue } from "../en";

export const common: Catalogue["common"] = {
  site: "Casa de subastas",
  close: "Cerrar",
  cancel: "Cancelar",
  save: "Guardar",
  retry: "Reintentar",
  loading: "Cargando",
  optional: "(opcional)",
  failed: "No se ha podido cargar.",
  more: "Ver más",
  back: "Atrás",
  yes: "Sí",
  no: "No",
  saved: "Guardado.",
  status: {
    draft: "Borrador",
    scheduled: "Programada",
    started: "En directo",
    paused: "En pausa",
    ended: "Terminada",
    cancelled: "Cancelada",
  },
  reserve: {
    none: "Sin precio de reserva",
    not_met: "Precio de reserva no alcanzado",
    met: "Precio de reserva alcanzado",
  },
  bids: (count, shown) => (count === 1 ? "1 puja" : `${shown} pujas`),
  time: {
    closing: "Cerrando…",
    endsIn: (left) => `Termina en ${left}`,
    startsIn: (left) => `Empieza en ${left}`,
    starting: "Empezando…",
    ended: (when) => `Terminó: ${when}`,
    noTimeLeft: "Sin tiempo restante",
  },
};
