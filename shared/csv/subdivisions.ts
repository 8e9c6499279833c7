const words = (text: string) => new Set(text.split(/\s+/));

/** Codes of states, provinces and cantons, by country. Many are countries' codes too: CA is California, IN Indiana. */
const subdivisions: Readonly<Record<string, ReadonlySet<string>>> = {
  US: words(`AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA
    RI SC SD TN TX UT VT VA WA WV WI WY PR GU AS VI MP`),
  CA: words("AB BC MB NB NL NS NT NU ON PE QC SK YT"),
  AU: words("NT SA WA"),
  BR: words("AC AL AP AM BA CE DF ES GO MA MT MS MG PA PB PR PE PI RJ RN RS RO RR SC SP SE TO"),
  CH: words("AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH"),
  DE: words("BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH"),
  IN: words(`AN AP AR AS BR CG CH CT DD DL DN GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD OR PB PY RJ SK TG TN TR TS UK UP
    UT WB`),
  IT: words(`AG AL AN AO AP AQ AR AT AV BA BG BI BL BN BO BR BS BT BZ CA CB CE CH CI CL CN CO CR CS CT CZ EN FC FE FG FI FM FR GE GO
    GR IM IS KR LC LE LI LO LT LU MB MC ME MI MN MO MS MT NA NO NU OG OR OT PA PC PD PE PG PI PN PO PR PT PU PV PZ RA RC RE RG RI RM
    RN RO SA SI SO SP SR SS SU SV TA TE TN TO TP TR TS TV UD VA VB VC VE VI VR VS VT VV`),
  NL: words("DR FL FR GE GR LB NB NH OV UT ZE ZH"),
};

/** Whether two capital letters are what people in a country (by its ISO code) write for one of its states, provinces or cantons. */
export const isSubdivision = (country: string, code: string): boolean => subdivisions[country]?.has(code) === true;
