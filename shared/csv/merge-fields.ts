import { columnKey } from "./column-name.ts";

/** Names that hardly anything but a placeholder has: nobody writes `fname` or `Last_Name` in a sentence. */
const person =
  "firstname fname lastname lname fullname middlename forename surname givenname familyname name salutation nickname " +
  "vorname nachname anrede prénom prenom nom nombre apellido apellidos nome cognome sobrenome voornaam achternaam imię imie nazwisko";
const other =
  "username customername clientname contactname companyname company businessname recipient recipientname emailaddress email phonenumber phone mobile " +
  "mobilenumber orderid ordernumber orderno customerid accountnumber invoicenumber trackingnumber trackingid trackinglink trackingurl " +
  "promocode couponcode discountcode vouchercode appointmentdate appointmenttime duedate firma kundennummer bestellnummer entreprise empresa";

const persons = new Set(person.split(" "));
const all = new Set([...persons, ...other.split(" ")]);

/** Whether a name is one that lists and texts of many tools share, such as `FNAME`, `first name` or `Vorname`. */
export const isMergeField = (name: string): boolean => name.length <= 40 && all.has(columnKey(name));

/** Whether a name is conventionally that of a column with people's names. */
export const isPersonField = (name: string): boolean => name.length <= 40 && persons.has(columnKey(name));
