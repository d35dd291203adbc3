/** What a draft of a new rule begins with: all that a rule must say. */
export const TEMPLATE = `kind: threshold
name: { en: Mains voltage high, vi: Điện áp lưới cao }
action: { en: Tell the utility., vi: Báo điện lực. }
eventType: environmental
probableCause: power_problem
measurement: power
field: input_voltage
entity: [device]
op: above
levels:
  - { severity: minor, raise: 245, clear: 240 }
for: 5m
clearFor: 5m
`;
