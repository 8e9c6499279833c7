import { describe, expect, test } from "vitest";
import { createReplyReader, defaultOptOutWords } from "../../shared/opt-outs/words.ts";

const { read } = createReplyReader();

describe("a reply", () => {
  test.each([
    ...[
      "STOP",
      "stop",
      "Stop.",
      " STOP\n",
      "S T O P",
      "“Stop!”",
      "STOP 🛑",
      "🛑STOP🛑",
      "ＳＴＯＰ",
      "st\u200bop",
      "STOP STOP",
      "Stop, stop!",
    ],
    ...[
      "STOPALL",
      "Stop all",
      "unsubscribe",
      "Cancel",
      "END",
      "quit",
      "Revoke",
      "opt out",
      "OPT-OUT",
      "optout",
      "Opt_Out",
    ],
    ...[
      "Arrêt",
      "ARRET",
      "stopp",
      "Abmelden",
      "Désabonner",
      "baja",
      "BAJA.",
      "AFMELDEN",
      "wypisz",
      "Unsub",
      "Darse de baja",
      "Cancelar subscrição",
      "Wypisz się",
      "Meld av",
      "Zrušit odběr",
      "ÜYELİKTEN AYRIL",
      "üyelıkten ayrıl",
      "Стоп",
      "στοπ",
      "ST\u0000OP\u0007",
      // Letters that say nothing: Arabic's stretching, Hangul's fillers.
      "إلغـــاء الاشتـراك",
      "STOP\u3164",
      "\uffa0STOP",
      "S\u115fTOP\u1160",
    ],
    // Brazil, Malaysia, and words by which newsletters are left outside of Europe.
    ...[
      "Sair",
      "SAIR!",
      "batal semua",
      "Hủy đăng ký",
      "huy dang ky",
      "退订",
      "退訂。",
      "取消订阅",
      "登録解除",
      "구독해지",
    ],
    ...["إلغاء الاشتراك", "الغاء الاشتراك", "ביטול רישום", "सदस्यता समाप्त करें", "Berhenti berlangganan"],
    // As phones write them in the letters that an SMS has: Latin ones among Greek or Cyrillic.
    ...["\u03a3TO\u03a0", "\u0394IA\u0393PA\u03a6H", "CTO\u041f", "ST\u041eP", "ВIДПИСАТИСЯ"],
  ])("%j opts out", (body) => {
    expect(read(body).kind).toBe("opt-out");
  });

  test.each(["START", "start!", "UnStop", "yes", "Yes."])("%j takes an opt-out back", (body) => {
    expect(read(body).kind).toBe("opt-in");
  });

  test.each([
    ...[
      "STOP please",
      "please stop",
      "Can you stop this?",
      "I want to opt out now",
      "unsubscribe me",
      "stop\n> Hello from us",
    ],
    // One word that may as well be about something else.
    ...["Basta", "PARAR", "İPTAL", "ıptal", "REZYGNUJĘ", "Désinscription", "cancelar", "keine Werbung!"],
    ...["ret", "הסר", "Unreg", "BERHENTI", "R", "t", "TC", "停止", "수신거부", "बंद करो".slice(0, 3), "لغو", "ยกเลิก"],
    ...["Arrête !", "ARRETE", "Cancela", "Отпишите", "ביטול", "ｽﾄｯﾌﾟ", "ストップ", "スト\u30c3フ\u309a", "중지"],
    ...["STOPSTOP", "stopstopstop!", "退订退订"],
    // No blanks around the word.
    ...["请帮我退订", "구독해지해주세요", "請取消訂閱,謝謝", "quero sair", "batal semua ya"],
    ...["in the end I came", "STOP 2", "don't stop", "cancel my order 123", "Bitte abmelden", "yes, stop"],
  ])("%j is for a person to read", (body) => {
    expect(read(body).kind).toBe("unclear");
  });

  test.each([
    "",
    "   ",
    "🙂",
    "thanks",
    "weekend",
    "stopwatch",
    "nonstop",
    "Yes please",
    "谢谢",
    "ありがとう",
    "شكرا",
    "tchau",
    "restart",
    "1",
    "ok 👍",
    "\u0000",
    "a".repeat(100_000),
  ])("%j means nothing of the kind", (body) => {
    expect(read(body).kind).toBe("other");
  });

  test("every word is understood in small letters, in capitals and with a full stop", () => {
    for (const word of defaultOptOutWords) {
      for (const body of [word, word.toLowerCase(), `${word}.`, ` ${word} `])
        expect(read(body).kind, body).toBe("opt-out");
    }
  });

  test("words of the stack's own stand in place of the usual ones", () => {
    const own = createReplyReader(["Genug", "no more"]);
    expect(own.read("genug!")).toEqual({ kind: "opt-out", word: "GENUG" });
    expect(own.read("NO MORE").kind).toBe("opt-out");
    expect(own.read("STOP").kind).toBe("other");
    expect(own.read("Basta").kind).toBe("other");
    expect(own.read("please no more").kind).toBe("unclear");
    expect(own.read("START").kind).toBe("opt-in");
  });

  test("a stack's own words are understood as people spell them", () => {
    const own = createReplyReader(["ΤΕΛΟΣ", "Wyłącz", "Nør", "Đủ", "Schluß"]);
    for (const body of ["τέλος", "Τ Ε Λ Ο Σ", "wylacz", "WYŁĄCZ", "NOR", "du", "schluss", "SCHLUẞ"]) {
      expect(own.read(body).kind, body).toBe("opt-out");
    }
  });

  test("a text of many thousand words is read in no time", () => {
    expect(read("stopper ".repeat(50_000)).kind).toBe("other");
    expect(read(`${"a ".repeat(50_000)}stop`).kind).toBe("other");
  });
});
