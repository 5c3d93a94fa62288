export type CaseFilesCode = 'case-file-busy' | 'case-file-too-large'
