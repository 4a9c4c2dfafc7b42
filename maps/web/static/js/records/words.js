/** Words of the parts that pages of records share. */

/** @satisfies {import('../words/languages.js').StaffWords} */
export const WORDS = {
  'part.field.wrong': { zh: '请检查此项。', en: 'Check this.' },
  'part.refresh': { zh: '刷新', en: 'Refresh' },
  'part.comma': { zh: '、', en: ', ' },
  'part.at': { zh: '时间', en: 'When' },
  'part.who': { zh: '操作人', en: 'By' },
  'part.state': { zh: '状态', en: 'State' },
  'part.note': { zh: '备注', en: 'Note' },
  'part.ends_at': { zh: '到期', en: 'Ends' },
  'part.legal_basis': { zh: '法律依据', en: 'Legal basis' },
  'part.area': { zh: '辖区', en: 'Area' },
  'part.area.choose': { zh: '选择辖区…', en: 'Choose an area…' },
  'part.everywhere': { zh: '全部辖区', en: 'everywhere' },
  'part.stale': { zh: '另一位管理员刚刚更改了这个账户，您的操作没有保存。请重新读取，核对后再改。', en: 'Another administrator has just changed this account, so yours was not saved. Read it again, check it, then change it.' },
  'part.stale.reload': { zh: '重新读取', en: 'Read it again' },
};
