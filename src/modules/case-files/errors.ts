export type CaseFilesCode = 'case-file-busy' | 'case-file-not-sealed' | 'case-file-too-large'
