"""The sources that the rules lean on, each with the date of the document."""

from __future__ import annotations

from checker.values import Source

FDA_2020 = Source(
    title="FDA, Consumer alert on regenerative medicine products including stem cells and exosomes",
    url="https://www.fda.gov/vaccines-blood-biologics/consumers-biologics/consumer-alert-regenerative-medicine-products-including-stem-cells-and-exosomes",
    date="2020-07-22",
)
FDA_2021 = Source(
    title="FDA, Important patient and consumer information about regenerative medicine therapies",
    url="https://www.fda.gov/vaccines-blood-biologics/consumers-biologics/important-patient-and-consumer-information-about-regenerative-medicine-therapies",
    date="2021-06-03",
)
CFR_1271_10 = Source(title="21 CFR 1271.10", url="https://law.lawstack.com/cfr/21/1271.10/", date="2026-11")
CFR_1271_27 = Source(
    title="21 CFR 1271.27(b): accepting a registration is no finding of compliance or approval",
    url="https://lexbuild.dev/ecfr/title-21/chapter-I/part-1271/section-1271.27",
    date="2026-11",
)
FTC_2022 = Source(
    title="FTC, Health Products Compliance Guidance",
    url="https://ftc.gov/documents/bus09-dietary-supplements-advertising-guide-industry",
    date="2022-12-20",
)
FTC_255 = Source(
    title="16 CFR 255.2, consumer endorsements",
    url="https://print.casetext.com/regulation/code-of-federal-regulations/title-16-commercial-practices/chapter-i-federal-trade-commission/subchapter-b-guides-and-trade-practice-rules/part-255-guides-concerning-use-of-endorsements-and-testimonials-in-advertising/section-2552-consumer-endorsements",
    date="2023-07-26",
)
FTC_SCIA = Source(
    title="FTC and Georgia v. Stem Cell Institute of America, summary judgment",
    url="https://scribd.com/document/718711431/Stem-Cell-Institute-of-America-Loses-FTC-Case-Order-Granting-Summary-Judgment",
    date="2024-03-11",
)
SIPP_2017 = Source(
    title="Sipp et al. 2017, tokens of scientific legitimacy, as tabulated by Murray 2020",
    url="https://pmc.ncbi.nlm.nih.gov/articles/PMC7002842/table/T2",
    date="2020-02",
)
TURNER_2017 = Source(
    title="Turner 2017, pay-to-participate studies on ClinicalTrials.gov",
    url="https://www.eurekalert.org/news-releases/617383",
    date="2017-07",
)
ISSCR = Source(
    title="ISSCR, A Closer Look at Stem Cells: warning signs",
    url="https://www.closerlookatstemcells.org/patient-resources/truth-about-stem-cell-treatments/",
    date="2026-11",
)
MAO_2019 = Source(
    title="Mao et al. 2019: 168 patients with diabetic neuropathy, marrow cells, no control group",
    url="https://pmc.ncbi.nlm.nih.gov/articles/PMC6629317",
    date="2019",
)
STALE_WIN = Source(
    title="US v. California Stem Cell Treatment Center, No. 22-56014 (9th Cir.)",
    url="https://print.casetext.com/case/united-states-v-cal-stem-cell-treatment-ctr-1",
    date="2024-09-27",
)
RIGHT_TO_TRY = Source(
    title="Congressional Research Service, Right to Try (R45414)",
    url="https://www.everycrsreport.com/files/20181127_R45414_1d12f5585a6160d98573f3ff03bf7788c209ec65.html",
    date="2018-11-27",
)
FLORIDA_2025 = Source(
    title="JD Supra, new Florida law on stem cell therapy (conditions and required notice)",
    url="https://production.jdsupra.com/legalnews/new-florida-law-attempts-to-provide-5093409",
    date="2025",
)
