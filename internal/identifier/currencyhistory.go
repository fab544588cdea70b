package identifier

// formerCurrencies are codes that ISO 4217 has withdrawn, with the number of
// decimals that they had. Money seized, owed or hidden in them is still money:
// the kuna left in 2023 and the lev in 2026, and banknotes outlive both.
func formerCurrencies() table { return table{text: formerCurrencyCells, key: 3, value: 1} }

const formerCurrencyCells = "" +
	"ADP0 AFA2 ALK2 ANG2 AOK2 AON2 AOR2 ARA2 ARP2 ATS2 AZM2 BAD2 BEF0 BGL2 " +
	"BGN2 BOP2 BRC2 BRE2 BRN2 BRR2 BUK2 BYB0 BYR0 CSD2 CSK2 CUC2 CYP2 DDM2 " +
	"DEM2 ECS2 EEK2 ESP0 FIM2 FRF2 GEK2 GHC2 GQE2 GRD0 GWP2 HRD2 HRK2 IEP2 " +
	"ITL0 LTL2 LTT2 LUF0 LVL2 LVR2 MGF0 MLF2 MRO2 MTL2 MTP2 MXP2 MZM2 NIC2 " +
	"NLG2 PEI2 PES2 PLZ2 PTE0 RHD2 ROL2 RUR2 SDD2 SDP2 SIT2 SKK2 SLL2 SRG2 " +
	"STD2 SUR2 TJR2 TMM2 TPE0 TRL0 UAK2 UGS2 USS2 UYP2 VEB2 VEF2 VNC2 XEU2 " +
	"YDD2 YUD2 YUM2 YUN2 ZAL2 ZMK2 ZRN2 ZRZ2 ZWD2 ZWL2 ZWN2 ZWR2"
