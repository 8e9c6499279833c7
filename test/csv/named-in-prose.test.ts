import { describe, expect, test } from "vitest";
import { columnKey } from "../../shared/csv/column-name.ts";
import { findAmong } from "../../shared/csv/find-column.ts";
import { namesInProse } from "../../shared/csv/named-in-prose.ts";
import { type TemplateColumns, withLooseNames } from "../../shared/csv/template-columns.ts";

/** What is found in a text, whether it surely is a column's name, and what would stand there. */
function told(text: string, names: readonly string[], as = (columns: TemplateColumns) => columns): readonly string[] {
  const columns = as({ names, find: findAmong(names.map(columnKey)) });
  const all = namesInProse(text, columns).map(({ found, before = "", after = "", column, certain }) => {
    const write = column === undefined ? "none of the list" : `${before}{${column}}${after}`;
    return `${found} ${certain ? "is" : "may be"} ${write}`;
  });
  return [...new Set(all)];
}

/** A text, the columns' names, and what is told of it. */
type Case = readonly [text: string, names: readonly string[], ...told: readonly string[]];

const examine = (_: string, text: string, names: readonly string[], expected: readonly string[]) =>
  expect(told(text, names)).toEqual(expected);
const named = (cases: readonly Case[]) =>
  cases.map(([text, names, ...expected]) => [`${text} (${names.join(", ")})`, text, names, expected] as const);

describe("a column's name with dots, or with dots in place of blanks", () => {
  test.each(
    named([
      ["Hi first.name, welcome", ["First Name"], "first.name is {first name}"],
      ["You owe order.total now", ["order total"], "order.total may be {order total}"],
      ["Hi first.name", ["first.name"], "first.name is {first.name}"],
      ["You owe order.total", ["order total", "order.total"], "order.total may be {order.total}"],
      ["www.acme,first.name now", ["first name"]],
      ["Go to acme.example/x?first.name now", ["first name"]],
      ["Go to https://x,first.name now", ["first name"]],
      ["Go to https://x/ first.name https://y/", ["first name"], "first.name is {first name}"],
      ["Go to order.total,/acme.example/x now", ["order total"]],
      ["Mail to order.total@acme.example", ["order total"]],
      ["Mail to x@order.total", ["order total"]],
      ["Mail to first.name,x@acme.example now", ["first name"]],
    ]),
  )("%s", examine);
});

describe("a name spelt as no word is", () => {
  test.each(
    named([
      ["Hi f_n, hello", ["f_n"], "f_n is {f_n}"],
      ["Hi contact_town, hello", ["town"], "contact_town may be {town}"],
      ["Your contact_town", ["contact_town", "town"], "contact_town is {contact_town}"],
      ["Hi fname", ["town"], "fname may be none of the list"],
      ["the firstname here", ["first name"], "firstname may be {firstname}"],
      ["the Firstname here", ["first name"], "Firstname is {Firstname}"],
      ["the orderId here", ["order id"], "orderId is {orderId}"],
      ["the giftCard here", ["gift card"], "giftCard may be {giftCard}"],
      ["the ~giftCard here", ["gift card"], "~giftCard is {giftCard}", "~giftCard may be {giftCard}"],
      ["pay £big_sum now", ["big_sum"], "£big_sum is £{big_sum}"],
      ["the pH here", ["pH"]],
      ["the x_y_2 here", ["x_y_2"], "x_y_2 is {x_y_2}"],
      ["the *firstname* here", ["first name"], "*firstname* is {firstname}", "*firstname* may be {firstname}"],
      ["the firstname# here", ["first name"], "firstname# may be {firstname}"],
      [`pay £big_sum now${" and so on".repeat(60)}`, ["big_sum"], "£big_sum is £{big_sum}"],
      ["buy &&&&&big_sale&now", ["big_sale"], "&&&big_sale is {big_sale}"],
      ["buy ((((big_sale)) now", ["big_sale"], "(((big_sale) is {big_sale}", "(((big_sale) may be {big_sale}"],
    ]),
  )("%s", examine);

  test.each(
    named([
      ["Use BIG_DAY here", ["town"]],
      ["Use SPRING_SALE now", ["spring sale"], "SPRING_SALE may be {SPRING_SALE}"],
      ["Use SPRING_SALE now", [" SPRING_SALE "], "SPRING_SALE is {SPRING_SALE}"],
      ["Use SPRING_SALE now", ["town", "SPRING_SALE"], "SPRING_SALE is {SPRING_SALE}"],
      ["Use :SPRING_SALE now", ["spring sale"], ":SPRING_SALE is {SPRING_SALE}", ":SPRING_SALE may be {SPRING_SALE}"],
      ["Use spring_SALE now", ["spring sale"], "spring_SALE is {spring_SALE}"],
      ["Use FIRST_NAME now", ["first name"], "FIRST_NAME is {FIRST_NAME}"],
    ]),
  )("may be a code: %s", examine);

  test.each(
    named([
      ["Take #big_sale now", ["big_sale"], "#big_sale may be {big_sale}"],
      ["Take @big_sale now", ["big_sale"], "@big_sale may be {big_sale}"],
      ["Take #big_sale# now", ["big_sale"], "#big_sale# is {big_sale}", "#big_sale# may be {big_sale}"],
      ["Take #first_name now", ["first_name"], "#first_name is {first_name}", "#first_name may be {first_name}"],
      ["Take #contact_town now", ["town"], "#contact_town may be {town}"],
    ]),
  )("may be a tag: %s", examine);

  test.each(
    named([
      ["Buy *big_sale* now", ["town"], "*big_sale* may be none of the list"],
      ["Buy *Big_Sale* now", ["town"]],
      ["Buy *big_sale2* now", ["town"]],
      ["Buy big_sale now", ["town"]],
      ["pay £big_sum now", ["town"], "£big_sum may be none of the list"],
    ]),
  )("may be another tool's variable: %s", examine);

  test.each(
    named([
      ["to x?first_name=1", ["first_name"]],
      ["to first_name=1", ["first_name"], "first_name is {first_name}"],
      ["to https://acme.example/first_name", ["first_name"], "/first_name may be {first_name}"],
      ["to https://acme.example/{first_name}", ["first_name"], "/{first_name} may be {first_name}"],
      ["to first_name@acme.example", ["first_name"]],
      ["https://acme.example/a first_name", ["first_name"], "first_name is {first_name}"],
      ["first_name https://acme.example/a", ["first_name"], "first_name is {first_name}"],
    ]),
  )("may be a part of a link or an address: %s", examine);
});

describe("a name behind a mark", () => {
  test.each(
    named([
      [":town", ["town"], ":town may be {town}"],
      ["Hi :id ok", ["id"], ":id may be {id}"],
      ["Hi :i ok", ["i"]],
      ["Hi *town ok", ["town"]],
      ["Hi *town* ok", ["town"], "*town* may be {town}"],
      ["Hi :=:town ok", ["town"], ":=:town may be {town}"],
      ["Hi [[[[[town]]]] ok", ["town"], "[[[town] may be {town}"],
      ["Dear *name*, ok", ["name"], "*name* is {name}"],
      ["We saw *name* ok", ["name"], "*name* may be {name}"],
      ["Dear *phone*, ok", ["phone"], "*phone* may be {phone}"],
      ["We saw :phone ok", ["phone"], ":phone is {phone}"],
      ["We saw :+phone ok", ["phone"], ":+phone may be {phone}"],
      ["We saw *phone ok", ["phone"], "*phone may be {phone}"],
    ]),
  )("%s", examine);

  test.each(
    named([
      ["(town) ok", ["town"]],
      ["(old town) ok", ["old town"], "(old town) may be {old town}"],
      ["(phone) ok", ["phone"], "(phone) may be {phone}"],
      ["((town)) ok", ["town"], "((town) may be {town}"],
      ["check-town ok", ["town"]],
      ["check[town] ok", ["town"], "[town] may be {town}"],
      ["check-/:town ok", ["town"], "-/:town may be {town}"],
      ["check/:-town ok", ["town"]],
      ["check-[town] ok", ["town"], "-[town] may be {town}"],
    ]),
  )("may be a remark or a word joined: %s", examine);

  test.each(
    named([
      ["x :old town hall ok", ["old town", "town"], ":old town may be {old town}"],
      ["x :old-town-hall ok", ["old town"]],
      ["x :old town hall ok", ["town"]],
      ["x :a b c d e ok", ["a b c d"], ":a b c d may be {a b c d}"],
    ]),
  )("may have several words: %s", examine);

  test.each(
    named([
      ["Hi :firstnme ok", ["first name"], ":firstnme may be none of the list"],
      ["Hi *firstnme ok", ["first name"]],
      ["Hi :frst ok", ["first"]],
      ["Hi :weather ok", ["town"]],
      ["x.io? and :firstnme ok", ["first name"], ":firstnme may be none of the list"],
      ["Go to https://acme.example/?:firstnme ok", ["first name"]],
      ["x.io?:firstnme ok", ["first name"]],
    ]),
  )("may be misspelt: %s", examine);

  test.each(
    named([
      ["Go to https://acme.example/:town ok", ["town"], "/:town may be {town}"],
      ["Go to https://acme.example/{town ok", ["town"], "/{town may be {town}"],
      ["Go to https://acme.example/{town} ok", ["town"], "/{town} may be {town}"],
      ["Go to https://acme.example/?{phone} ok", ["phone"], "{phone} may be {phone}"],
      ["Go to https://acme.example/?:phone ok", ["phone"]],
      ["Go to https://acme.example/[town] ok", ["town"]],
      ["Mail to {town}@acme.example ok", ["town"]],
      ["Mail to {town}@acme ok", ["town"], "{town} may be {town}"],
      ["Go to ?&town= ok", ["town"]],
      ["www.acme,:phone ok", ["phone"]],
      ["Go to x;&größe=1 ok", ["größe"]],
      ["Go to ?&town ok", ["town"], "&town may be {town}"],
      ["Go to ?*town= ok", ["town"], "*town= may be {town}"],
      ["We saw :phone https://acme.example/", ["phone"], ":phone is {phone}"],
    ]),
  )("may be a part of a link or an address: %s", examine);
});

test("a link is looked for three hundred characters around a name", () => {
  const linked = (before: number, after: number) =>
    told(`a://${"b".repeat(before)}?:phone,${"c".repeat(after)}:// ok`, ["phone"]);
  expect([linked(295, 297), linked(296, 296), linked(296, 297)]).toEqual([[], [], [":phone is {phone}"]]);
});

describe("a name beside a sign of money", () => {
  test.each(
    named([
      ["Pay £town ok", ["town"], "£town is £{town}"],
      ["Pay [£town] ok", ["town"], "[£town] is £{town}"],
      ["£ amount", ["amount"], "£ amount may be £ {amount}"],
      ["£ id", ["id"], "£ id may be £ {id}"],
      ["£ a", ["a"]],
      ["£ amount due today", ["amount due"], "£ amount due may be £ {amount due}"],
      ["£ amount due today", ["amount", "amount due"], "£ amount due may be £ {amount due}"],
      ["your amount due €", ["due", "amount due"], "amount due € may be {amount due} €"],
      ["£ amount-based", ["amount"], "£ amount may be £ {amount}"],
      ["£ amount_x", ["amount"], "£ amount may be £ {amount}"],
      ["x£ amount", ["amount"]],
      ["amount €", ["amount"], "amount € may be {amount} €"],
      ["your amount€", ["amount"], "amount€ is {amount}€"],
      ["your amount due €", ["amount due"], "amount due € may be {amount due} €"],
      ["total-sum€", ["sum"], "sum€ is {sum}€"],
      ["your amount€s", ["amount"]],
      ["a €", ["a"]],
    ]),
  )("%s", examine);

  test("may have the sign in its own name", () => {
    expect(told("Pay £COST ok", ["£cost"], withLooseNames)).toEqual(["£COST is {£COST}"]);
  });

  test.each(
    named([
      ["Pay £fee ok", ["town"], "£fee may be none of the list"],
      ["Pay £us ok", ["town"]],
      ["Pay £USD ok", ["town"]],
      ["Pay £pounds ok", ["town"]],
      ["Pay £poundsterling ok", ["town"], "£poundsterling may be none of the list"],
      ["Pay £USDT ok", ["town"], "£USDT may be none of the list"],
      ["Pay £Usd ok", ["town"], "£Usd may be none of the list"],
      ["Pay £Euro ok", ["town"]],
      ["Pay £@fee ok", ["town"]],
      ["See https://acme.example/?£fee ok", ["town"]],
    ]),
  )("may be an amount that was left out: %s", examine);
});

describe("a name in a greeting, or in a title's capitals", () => {
  test.each(
    named([
      ["Dear First Name, ok", ["first name"], "First Name is {First Name}"],
      ["Dear Mr Last Name, ok", ["last name"], "Last Name is {Last Name}"],
      ["Dear First Name today, ok", ["first name"], "First Name is {First Name}"],
      ["Dear Name, ok", ["name"], "Name may be {Name}"],
      ["Dear Name-Team, ok", ["name"], "Name may be {Name}"],
      ["Dear Order Number, ok", ["order number"]],
      ["Dear Surname, ok", ["name"]],
      ["So First Name is ok", ["First Name"], "First Name may be {First Name}"],
      ["So First Name or Last Name", ["First Name", "Last Name"], "First Name may be {First Name}"],
      ["So Order Number is ok", [" Order Number "], "Order Number may be {Order Number}"],
      ["So first name is ok", ["First Name"]],
      ["So Town Hall is ok", ["Town Hall"]],
      ["So FIRST NAME is ok", ["FIRST NAME"]],
    ]),
  )("%s", examine);
});

describe("a name with signs that no word has", () => {
  test.each(
    named([
      ["Pay {Amount (EUR)} now", ["Amount (EUR)"], "{amount (eur)} is {amount (eur)}"],
      ["Pay #Order No.# now", [" Order No. "], "#order no.# is {order no.}"],
      ["Pay Order No. now", ["Order No."]],
      ['Pay "Order No." now', ["Order No."]],
      ['Pay "Order No.# now', ["Order No."]],
      ['Pay {Order No." now', ["Order No."], "{order no. may be {order no.}"],
      ["Pay ~Order No. now", ["Order No."], "~order no. may be {order no.}"],
      ["Pay *Order No. now", ["Order No."]],
      ["Pay x~Order No. now", ["Order No."]],
      ["Pay x{Order No.} now", ["Order No."], "{order no.} may be {order no.}"],
      ["Order No.: {Order No.}", ["Order No."], "{order no.} is {order no.}"],
      ["{Order No.} and [Order No.]", ["Order No."], "{order no.} is {order no.}"],
      ["*Order No.*", ["Order No."], "*order no.* may be {order no.}"],
      ["{ Order No. }", ["Order No."], "{order no.} is {order no.}"],
      ["{  Order No.  }", ["Order No."]],
      ["[[[[[[Order No.]]]]]]", ["Order No."], "[[[[[order no.]]]]] is {order no.}"],
      ["Pay {2x} now", ["2x"], "{2x} is {2x}"],
      ["Pay {2} now", ["2"]],
      ["Pay {order no.} and <2x>", ["Order No.", "2x"], "{order no.} is {order no.}", "<2x> is {2x}"],
    ]),
  )("%s", examine);

  test("is looked for up to sixty characters", () => {
    const [longest, longer] = [`${"a".repeat(59)}.`, `${"a".repeat(60)}.`];
    expect(told(`Pay {${longest}} now`, [longest])).toEqual([`{${longest}} is {${longest}}`]);
    expect(told(`Pay {${longer}} now`, [longer])).toEqual([]);
  });
});
